import type { CellName, FaultCode, StageCode, StrategyCode } from '../../compare/report.ts';

/**
 * The id of a cell's entry.
 *
 * @param name - The cell.
 * @returns Made of codes alone.
 */
export function cellId({ stage, strategy, fault }: CellName): string {
  return `cell-${stage}-${strategy}-${fault}`;
}

/**
 * The id of a fault's description.
 *
 * @param code - The fault.
 * @returns Made of the code alone.
 */
export function faultId(code: FaultCode): string {
  return `fault-${code}`;
}

/**
 * The id of a strategy's description.
 *
 * @param code - The strategy.
 * @returns Made of the code alone.
 */
export function strategyId(code: StrategyCode): string {
  return `strategy-${code}`;
}

/** What is measured without faults, and drawn. */
export type ChartCode = 'requests' | 'units' | 'latency' | 'cost';

/**
 * The id of a chart's caption.
 *
 * @param stage - The stage.
 * @param chart - What is drawn.
 * @returns Made of codes alone.
 */
export function chartId(stage: StageCode, chart: ChartCode): string {
  return `chart-${stage}-${chart}`;
}
