import type { TradeClaim, WorkloadDimension } from './workload.ts';

const UNITS_PER_CENT = 10n ** 10n;
const MICROSECONDS_PER_SECOND = 1_000_000;

/** A message's fields as JSON texts, so that each can be spoiled or spelled differently on its own. */
export type TradeFields = ReadonlyMap<string, string>;

/** Writes a claim as the fields of the data contract. */
export function fieldsOf(
  claim: TradeClaim,
  dimensions: readonly WorkloadDimension[],
  microseconds: number,
): TradeFields {
  const { tradeId, version, units, path } = claim;
  return new Map([
    ['TradeID', JSON.stringify(tradeId)],
    ['Version', String(version)],
    ['Value', formatCents(units)],
    ['Hierarchy', formatHierarchy(dimensions, path)],
    ['Timestamp', formatSeconds(microseconds)],
  ]);
}

/** Writes fields as one JSON object, spaced as Python's `json.dumps` does, which the lab's producer uses. */
export function formatFields(fields: Iterable<readonly [string, string]>): string {
  return `{${Array.from(fields, ([name, text]) => `${JSON.stringify(name)}: ${text}`).join(', ')}}`;
}

/** Names are sorted, so that their order in the message is not the order of the levels. */
function formatHierarchy(dimensions: readonly WorkloadDimension[], path: readonly string[]): string {
  const members = dimensions.map(({ name }, level): [string, string] => [name, JSON.stringify(path[level])]);
  return formatFields(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Two decimals as Python prints a rounded float: `61502.37`, `61502.3`, `61502.0`. */
function formatCents(units: bigint): string {
  const cents = (units / UNITS_PER_CENT).toString().padStart(3, '0');
  const fraction = cents.slice(-2);
  return `${cents.slice(0, -2)}.${fraction.endsWith('0') ? fraction.charAt(0) : fraction}`;
}

function formatSeconds(microseconds: number): string {
  const seconds = Math.floor(microseconds / MICROSECONDS_PER_SECOND);
  return `${seconds}.${String(microseconds % MICROSECONDS_PER_SECOND).padStart(6, '0')}`;
}
