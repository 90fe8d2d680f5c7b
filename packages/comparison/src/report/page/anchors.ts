import type { StrategyCode } from '@oncefold/commit';
import type { CellName, FaultCode, StageCode, TransactionsCode } from '../comparison-report.ts';
import type { MatrixView } from '../findings.ts';

/** The id of a cell's entry. */
export function cellId({ stage, transactions, strategy, fault }: CellName): string {
  return `cell-${stage}-${transactions}-${strategy}-${fault}`;
}

/** The id of a matrix. */
export function matrixId({ stage, transactions }: MatrixView): string {
  return `matrix-${stage}-${transactions.code}`;
}

/** The id of the description of how many transactions a batch needs. */
export function transactionsId(code: TransactionsCode): string {
  return `transactions-${code}`;
}

/** The id of a fault's description. */
export function faultId(code: FaultCode): string {
  return `fault-${code}`;
}

/** The id of a strategy's description. */
export function strategyId(code: StrategyCode): string {
  return `strategy-${code}`;
}

/** What is measured without faults, and drawn. */
export type ChartCode = 'requests' | 'units' | 'latency' | 'cost';

/** The id of a chart's caption. */
export function chartId(stage: StageCode, chart: ChartCode): string {
  return `chart-${stage}-${chart}`;
}
