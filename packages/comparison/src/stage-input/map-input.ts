import { type Decimal, formatDecimal } from '@oncefold/reducer';
import type { TradeClaim } from '@oncefold/workshop';
import type { ArithmeticVersion, InputRecord, StageInput } from './stage-input.ts';
import { streamRecord } from './stream-record.ts';
import { START_MILLISECONDS, sumChanges, type TradeChange } from './trade-changes.ts';

/**
 * The input of the map stage: changes of the state table, one record each.
 *
 * The changed arithmetic is another order of the dimensions. It is in the function's environment, not in the records: like
 * items of release 0.1.0, the images do not say by which dimensions they were summed, so that the environment decides.
 */
export function mapInput(
  changes: readonly TradeChange[],
  options: { readonly dimensions: readonly string[]; readonly arrivedAtMs: number },
): Pick<StageInput, 'stage' | 'recordIs' | 'records' | 'environment'> {
  const { dimensions } = options;
  return {
    stage: 'map',
    recordIs: 'change of a trade',
    records: changes.map((change, index) => changeRecord(change, index, options)),
    environment: (version) => {
      const names = inOrder(dimensions, version).join(',');
      return { HIERARCHY_DIMENSIONS: names, UNRECORDED_HIERARCHY_DIMENSIONS: names };
    },
  };
}

function changeRecord(
  change: TradeChange,
  index: number,
  { dimensions, arrivedAtMs }: Parameters<typeof mapInput>[1],
): InputRecord {
  const { before, after } = change;
  const event = streamRecord({
    table: 'StateTable',
    index,
    arrivedAtMs,
    eventName: before === undefined ? 'INSERT' : 'MODIFY',
    keys: { id: { S: after.tradeId } },
    newImage: image(after, dimensions),
    ...(before === undefined ? {} : { oldImage: image(before, dimensions) }),
  });
  return {
    event: () => event,
    sums: (version) => sumChanges([change], (path) => inOrder(path, version)),
  };
}

function image(claim: TradeClaim, dimensions: readonly string[]): Record<string, object> {
  const segments = dimensions.map((name, level) => [name, claim.path[level]] as const).sort();
  return {
    id: { S: claim.tradeId },
    Version: { N: String(claim.version) },
    Value: { N: formatDecimal(claim.units as Decimal) },
    Hierarchy: { S: JSON.stringify(Object.fromEntries(segments)) },
    Timestamp: { N: String(START_MILLISECONDS / 1_000) },
  };
}

/** The deployment swaps the last two levels, so that the nodes are different ones. */
function inOrder(values: readonly string[], version: ArithmeticVersion): readonly string[] {
  return version === 1 ? values : [...values.slice(0, -2), ...values.slice(-2).reverse()];
}
