import type { StrategyCode } from '@oncefold/commit';
import type { CellName, FaultCode, StageCode, TransactionsCode } from '../comparison-report.ts';
import type { MatrixView } from '../findings.ts';

// Ids of the page's elements are made of codes alone: no text of a report gets into them.

export function cellId({ stage, transactions, strategy, fault }: CellName): string {
  return `cell-${stage}-${transactions}-${strategy}-${fault}`;
}

export function matrixId({ stage, transactions }: MatrixView): string {
  return `matrix-${stage}-${transactions.code}`;
}

export function transactionsId(code: TransactionsCode): string {
  return `transactions-${code}`;
}

export function faultId(code: FaultCode): string {
  return `fault-${code}`;
}

export function strategyId(code: StrategyCode): string {
  return `strategy-${code}`;
}

export type ChartCode = 'requests' | 'units' | 'latency' | 'cost';

export function chartId(stage: StageCode, chart: ChartCode): string {
  return `chart-${stage}-${chart}`;
}
