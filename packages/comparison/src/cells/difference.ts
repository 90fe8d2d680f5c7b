import { type Decimal, formatDecimal } from '@oncefold/reducer';
import { MESSAGE_COUNT } from '@oncefold/trades';
import type { Difference, NodeDifference } from '../report/comparison-report.ts';
import type { ArithmeticVersion, Slice, StageInput } from '../stage-input/stage-input.ts';
import { Sums } from '../stage-input/sums.ts';

/** Each unit that was delivered under two versions doubles the number of valid truths. */
const AMBIGUOUS_UNITS_MAX = 10;

/**
 * Compares sums with the truth, to the last digit.
 *
 * The truth counts each record once. What was delivered under two versions of the arithmetic may count by either one: a batch
 * as a whole where it is committed in one transaction, else each record. Every such choice is a valid truth; the nearest is
 * taken.
 *
 * @throws when a record was never delivered, or more is ambiguous than can be tried
 */
export function differenceTo(
  actual: Sums,
  options: {
    readonly input: StageInput;
    readonly batches: readonly Slice[];
    readonly versions: readonly ReadonlySet<ArithmeticVersion>[];
  },
): Difference {
  let nearest: { readonly distance: bigint; readonly difference: Difference } | undefined;
  for (const truth of truths(options)) {
    const distance = distanceOf(actual, truth);
    if (nearest === undefined || distance < nearest.distance) {
      nearest = { distance, difference: describe(actual, truth) };
    }
  }
  if (nearest === undefined) {
    throw new Error('invariant: there is no truth');
  }
  return nearest.difference;
}

/** All sums that count each record once. */
function truths({ input, batches, versions }: Parameters<typeof differenceTo>[1]): Sums[] {
  const units =
    input.transactions === 'one'
      ? batches
      : batches.flatMap(({ from, to }) =>
          Array.from({ length: to - from }, (_, at) => ({ from: from + at, to: from + at + 1 })),
        );
  const certain = new Sums();
  const ambiguous: (readonly Sums[])[] = [];
  for (const { from, to } of units) {
    const allowed = new Set(versions.slice(from, to).flatMap((each) => [...each]));
    const [only, ...others] = [...allowed].map((version) => sumOf(input, { from, to }, version));
    if (only === undefined) {
      throw new Error('invariant: a record was never delivered');
    }
    if (others.length === 0) {
      certain.addAll(only);
    } else {
      ambiguous.push([only, ...others]);
    }
  }
  if (ambiguous.length > AMBIGUOUS_UNITS_MAX) {
    throw new Error('invariant: too much is ambiguous');
  }
  let found = [certain];
  for (const options of ambiguous) {
    found = found.flatMap((sums) => options.map((option) => plus(sums, option)));
  }
  return found;
}

function sumOf({ records }: StageInput, { from, to }: Slice, version: ArithmeticVersion): Sums {
  const sum = new Sums();
  for (const record of records.slice(from, to)) {
    sum.addAll(record.sums(version));
  }
  return sum;
}

function plus(one: Sums, other: Sums): Sums {
  const sum = new Sums();
  sum.addAll(one);
  sum.addAll(other);
  return sum;
}

function distanceOf(actual: Sums, truth: Sums): bigint {
  let distance = 0n;
  for (const name of namesOf(actual, truth)) {
    distance += magnitude(deviation(actual, truth, name));
  }
  return distance;
}

function describe(actual: Sums, truth: Sums): Difference {
  const names = namesOf(actual, truth);
  const levels = Math.max(...names.map(levelOf));
  const byNode: NodeDifference[] = [];
  let duplicated = 0n;
  let lost = 0n;
  for (const name of names) {
    const difference = deviation(actual, truth, name);
    if (difference === 0n) {
      continue;
    }
    byNode.push({
      node: name,
      expected: format(truth.units.get(name) ?? 0n),
      actual: format(actual.units.get(name) ?? 0n),
      difference: format(difference),
    });
    if (levelOf(name) < levels) {
      continue;
    }
    if (difference > 0n) {
      duplicated += difference;
    } else {
      lost -= difference;
    }
  }
  return {
    duplicated: format(duplicated),
    lost: format(lost),
    messageCount: format(deviation(actual, truth, MESSAGE_COUNT)),
    nodesWrong: byNode.length,
    nodes: names.length,
    byNode,
  };
}

/** Names on either side, so that an unexpected row is seen; an absent one counts as zero. */
function namesOf(actual: Sums, truth: Sums): string[] {
  return [...new Set([...truth.units.keys(), ...actual.units.keys()])].sort();
}

function levelOf(name: string): number {
  return name === MESSAGE_COUNT ? 0 : name.split(':').length;
}

function deviation(actual: Sums, truth: Sums, name: string): bigint {
  return (actual.units.get(name) ?? 0n) - (truth.units.get(name) ?? 0n);
}

function magnitude(units: bigint): bigint {
  return units < 0n ? -units : units;
}

function format(units: bigint): string {
  return formatDecimal(units as Decimal);
}
