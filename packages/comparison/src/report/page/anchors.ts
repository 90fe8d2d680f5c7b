import type { CellName, FaultCode, StageCode, StrategyCode, TransactionsCode } from '../comparison-report.ts';
import type { MatrixView } from '../findings.ts';

/**
 * The id of a cell's entry.
 *
 * @param name - the cell
 * @returns made of codes alone
 */
export function cellId({ stage, transactions, strategy, fault }: CellName): string {
  return `cell-${stage}-${transactions}-${strategy}-${fault}`;
}

/**
 * The id of a matrix.
 *
 * @param view - what it shows
 * @returns made of codes alone
 */
export function matrixId({ stage, transactions }: MatrixView): string {
  return `matrix-${stage}-${transactions.code}`;
}

/**
 * The id of the description of how many transactions a batch needs.
 *
 * @param code - how many
 * @returns made of the code alone
 */
export function transactionsId(code: TransactionsCode): string {
  return `transactions-${code}`;
}

/**
 * The id of a fault's description.
 *
 * @param code - the fault
 * @returns made of the code alone
 */
export function faultId(code: FaultCode): string {
  return `fault-${code}`;
}

/**
 * The id of a strategy's description.
 *
 * @param code - the strategy
 * @returns made of the code alone
 */
export function strategyId(code: StrategyCode): string {
  return `strategy-${code}`;
}

/** What is measured without faults, and drawn. */
export type ChartCode = 'requests' | 'units' | 'latency' | 'cost';

/**
 * The id of a chart's caption.
 *
 * @param stage - the stage
 * @param chart - what is drawn
 * @returns made of codes alone
 */
export function chartId(stage: StageCode, chart: ChartCode): string {
  return `chart-${stage}-${chart}`;
}
