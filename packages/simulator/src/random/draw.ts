/**
 * Numbers that depend on nothing but a seed and labels.
 *
 * What is forked for one purpose does not depend on what another purpose has drawn: a fault that is left out, or a record that
 * is left out, changes no other decision. Shrinking and replaying rest on that.
 */
export interface Draw {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** True so many times out of one. */
  chance(probability: number): boolean;
  /** One of the values, which must not be empty. */
  pick<Value>(values: readonly Value[]): Value;
  /** Numbers of their own for a purpose; the same labels give the same numbers. */
  fork(label: string, ordinal?: number): Draw;
}

/**
 * Makes the numbers of one seed.
 *
 * The generator is splitmix32 over a hash of seed and labels: a few operations for a fork, because each request of a history
 * has a fork of its own. It need not be unpredictable.
 */
export function createDraw(seed: number): Draw {
  return new SeededDraw(mix(seed >>> 0) ^ mix(Math.floor(seed / 2 ** 32) + 0x9e37));
}

/** A class, because a history makes thousands of them: an object of two numbers each. */
class SeededDraw implements Draw {
  readonly #origin: number;
  #state: number;

  constructor(origin: number) {
    this.#origin = origin;
    this.#state = origin;
  }

  fraction(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return mix(this.#state) / 2 ** 32;
  }

  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.integer(0, values.length - 1)];
    if (value === undefined) {
      throw new Error('invariant: nothing to pick from');
    }
    return value;
  }

  fork(label: string, ordinal = 0): Draw {
    return new SeededDraw(mix(hashText(this.#origin, label) + Math.imul(ordinal, 0x85ebca6b)));
  }
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** FNV-1a over UTF-16 code units. */
function hashText(origin: number, text: string): number {
  let hash = origin ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
