import { type WorkloadDimension, WorkloadError } from './workload.ts';

const LEVELS_MAX = 16;
const LEAVES_MAX = 100_000;

/** The levels of the public lab: 2 risk types, 2 desks, 3 regions, which make 18 nodes. */
export const labDimensions: readonly WorkloadDimension[] = [
  { name: 'RiskType', values: ['PV', 'Delta'] },
  { name: 'TradeDesk', values: ['FXSpot', 'FXOptions'] },
  { name: 'Region', values: ['EMEA', 'APAC', 'AMER'] },
];

/** Values of a dimension that the lab does not have. */
const INVENTED_VALUES = 3;

/** Makes the levels that a pipeline sums by, from their names. */
export function namedDimensions(names: readonly string[]): WorkloadDimension[] {
  return names.map((name) => {
    const known = labDimensions.find((dimension) => dimension.name === name);
    const invented = (): string[] =>
      Array.from({ length: INVENTED_VALUES }, (_, index) => `${name} ${index + 1}`);
    return known ?? { name, values: invented() };
  });
}

/**
 * Makes levels whose combinations are an exact number of leaves, for loads that are wider or deeper than the lab's.
 *
 * @param options - `levels`: 1 to 16; `leaves`: 1 to 100,000, spread over the levels by its prime factors
 * @returns for 5 levels and 1,000 leaves: levels of 5, 5, 5, 4 and 2 values
 */
export function createDimensions(options: {
  readonly levels: number;
  readonly leaves: number;
}): WorkloadDimension[] {
  const { levels, leaves } = options;
  if (!Number.isInteger(levels) || levels < 1 || levels > LEVELS_MAX) {
    throw new WorkloadError('bad-option', `levels must be an integer from 1 to ${LEVELS_MAX}.`);
  }
  if (!Number.isInteger(leaves) || leaves < 1 || leaves > LEAVES_MAX) {
    throw new WorkloadError('bad-option', `leaves must be an integer from 1 to ${LEAVES_MAX}.`);
  }
  const widths = Array.from({ length: levels }, () => 1);
  for (const factor of primeFactors(leaves).reverse()) {
    const narrowest = widths.indexOf(Math.min(...widths));
    widths[narrowest] = (widths[narrowest] ?? 1) * factor;
  }
  return widths.map((width, level) => ({
    name: `Level${level + 1}`,
    values: Array.from({ length: width }, (_, index) => `L${level + 1}-${index + 1}`),
  }));
}

/** Smallest first. */
function primeFactors(number: number): number[] {
  const factors: number[] = [];
  let rest = number;
  for (let candidate = 2; candidate * candidate <= rest; candidate += 1) {
    while (rest % candidate === 0) {
      factors.push(candidate);
      rest /= candidate;
    }
  }
  return rest > 1 ? [...factors, rest] : factors;
}
