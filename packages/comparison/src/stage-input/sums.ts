import { type Decimal, formatDecimal } from '@oncefold/reducer';

/** Exact sums by name of the aggregate, in units of 10^-12. */
export class Sums {
  readonly units: Map<string, bigint> = new Map();

  add(name: string, units: bigint): void {
    this.units.set(name, (this.units.get(name) ?? 0n) + units);
  }

  addAll(other: Sums): void {
    for (const [name, units] of other.units) {
      this.add(name, units);
    }
  }

  /** Canonical decimal text by name, in order of first addition. */
  format(): Map<string, string> {
    return new Map(Array.from(this.units, ([name, units]) => [name, formatDecimal(units as Decimal)]));
  }
}
