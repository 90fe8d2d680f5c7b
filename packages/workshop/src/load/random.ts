import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const UINT32_MAX = 0xffff_ffff;

/** Random values from a seed: equal seeds give equal values in equal order. */
export interface Random {
  /** An integer from 0 up to, but without, `limit`, which is at least 1. */
  below(limit: number): number;
  /** One of a list that is not empty. */
  pick<Value>(values: readonly Value[]): Value;
  /** 32 hexadecimal digits in the groups of a random UUID (RFC 9562, version 4). */
  uuid(): string;
}

/**
 * Makes a source of random values.
 *
 * `pure-rand` is what fast-check draws from: seeded, fast, with unbiased ranges. `Math.random` has no seed.
 *
 * @param seed - a 32-bit integer
 */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[below(values.length)];
    if (value === undefined) {
      throw new Error('There is nothing to pick from.');
    }
    return value;
  };
  const uuid = (): string => {
    let digits = '';
    for (let word = 0; word < 4; word += 1) {
      digits += uniformInt(generator, 0, UINT32_MAX).toString(16).padStart(8, '0');
    }
    const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) & 3);
    const groups = [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      variant + digits.slice(17, 20),
      digits.slice(20),
    ];
    return groups.join('-');
  };
  return { below, pick, uuid };
}
