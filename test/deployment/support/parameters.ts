import type { Parameters } from './stack.ts';

/**
 * What the emulator needs: it has no tumbling windows, without which `checkpoint` cannot work, and runs the Node.js of this
 * machine.
 */
export const emulatedParameters: Parameters = {
  MapStrategy: 'ledger',
  ReduceStrategy: 'ledger',
  StreamShardCount: '2',
  FormerKeys: 'false',
};

/** Gives everything in a stack names of its own. */
export function ownNames(prefix: string): Parameters {
  const named = [
    ...['StreamName', 'StateTableName', 'ReduceTableName', 'AggregateTableName'],
    ...['ComparisonAggregateTableName', 'ParameterTableName', 'LedgerTableName', 'PositionTableName'],
    ...['IdempotencyTableName', 'QuarantineTableName', 'AccountingTableName', 'WorkshopTableName'],
  ];
  return { ...Object.fromEntries(named.map((name) => [name, `${prefix}-${name}`])), Namespace: prefix };
}
