import { type Decimal, formatDecimal } from '@oncefold/reducer';
import { labDimensions, type TradeClaim } from '@oncefold/workload';
import type { ArithmeticVersion, StageWork, WorkRecord } from './stage-work.ts';
import { streamRecord } from './stream-record.ts';
import { sumChanges } from './sums.ts';
import { START_MILLISECONDS, type TradeChange } from './trade-changes.ts';

const names = labDimensions.map(({ name }) => name);
/** The order of the levels by version: a deploy turns the last two round, so that the nodes become others. */
const orders: Readonly<Record<ArithmeticVersion, readonly number[]>> = { 1: [0, 1, 2], 2: [0, 2, 1] };

/**
 * The work of the map stage: changes of the state table, one record each.
 *
 * The changed arithmetic is another order of the dimensions; it is in the function's environment, not in the records.
 */
export function mapWork(changes: readonly TradeChange[]): StageWork {
  return {
    stage: 'map',
    recordIs: 'change of a trade',
    records: changes.map((change, index) => changeRecord(change, index)),
    environment: (version) => ({ HIERARCHY_DIMENSIONS: inOrder(names, version).join(',') }),
  };
}

function changeRecord(change: TradeChange, index: number): WorkRecord {
  const { before, after } = change;
  const event = streamRecord({
    table: 'StateTable',
    index,
    eventName: before === undefined ? 'INSERT' : 'MODIFY',
    keys: { id: { S: after.tradeId } },
    newImage: image(after),
    ...(before === undefined ? {} : { oldImage: image(before) }),
  });
  return {
    event: () => event,
    sums: (version) => sumChanges([change], (path) => inOrder(path, version)),
  };
}

function image(claim: TradeClaim): Record<string, object> {
  const segments = names.map((name, level) => [name, claim.path[level]] as const).sort();
  return {
    id: { S: claim.tradeId },
    Version: { N: String(claim.version) },
    Value: { N: formatDecimal(claim.units as Decimal) },
    Hierarchy: { S: JSON.stringify(Object.fromEntries(segments)) },
    Timestamp: { N: String(START_MILLISECONDS / 1_000) },
  };
}

function inOrder(values: readonly string[], version: ArithmeticVersion): string[] {
  return orders[version].map((at) => values[at] ?? '');
}
