/** Keeps the newest of what happens, up to a number of things and a number of characters. */
export class BoundedList<Value> {
  readonly #limits: { readonly values: number; readonly characters: number };
  /** Undefined is what has been dropped: what it held is free at once, not only when the array is cut. */
  #kept: ({ readonly value: Value; readonly characters: number } | undefined)[] = [];
  #characters = 0;
  /** Index of the oldest that still counts; the array is cut now and then, because cutting it each time is slow. */
  #first = 0;

  constructor(limits: { readonly values: number; readonly characters: number }) {
    this.#limits = limits;
  }

  add(value: Value, characters: number): void {
    this.#kept.push({ value, characters });
    this.#characters += characters;
    while (
      this.#length > this.#limits.values ||
      (this.#characters > this.#limits.characters && this.#length > 1)
    ) {
      this.#characters -= this.#kept[this.#first]?.characters ?? 0;
      this.#kept[this.#first] = undefined;
      this.#first += 1;
    }
    if (this.#first > this.#limits.values) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
  }

  values(): readonly Value[] {
    return this.#kept.flatMap((kept) => (kept === undefined ? [] : [kept.value]));
  }

  get #length(): number {
    return this.#kept.length - this.#first;
  }
}
