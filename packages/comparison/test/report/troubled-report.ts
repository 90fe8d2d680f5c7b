import type { Cell, ComparisonReport } from '../../src/report/comparison-report.ts';
import { sampleReport } from './sample-report.ts';

/** A report with a broken promise, a cell without a result, an unexpected cell and one that did not run. */
export function troubledReport(): ComparisonReport {
  const report = sampleReport();
  return {
    ...report,
    verdict: 'broken',
    cells: report.cells
      .filter((cell) => keyOf(cell) !== 'map several powertools zombie')
      .map((cell) => trouble(cell)),
  };
}

function trouble(cell: Cell): Cell {
  if (cell.outcome === 'failed') {
    return cell;
  }
  switch (keyOf(cell)) {
    case 'reduce one ledger crash':
      return {
        ...cell,
        outcome: 'wrong',
        asExpected: false,
        difference: {
          ...cell.difference,
          duplicated: '0.000000000001',
          nodesWrong: 1,
          byNode: [{ node: 'PV', expected: '1', actual: '1.000000000001', difference: '0.000000000001' }],
        },
      };
    case 'reduce one none same-batch':
      return {
        ...cell,
        outcome: 'exact',
        asExpected: false,
        difference: { ...cell.difference, duplicated: '0', messageCount: '0', nodesWrong: 0, byNode: [] },
      };
    case 'map one none crash':
      return { ...cell, difference: { ...cell.difference, duplicated: '0', messageCount: '-3' } };
    case 'map several checkpoint everything': {
      const { stage, transactions, strategy, fault, replay, durationMs } = cell;
      return {
        stage,
        transactions,
        strategy,
        fault,
        replay,
        durationMs,
        disturbances: 2,
        outcome: 'failed',
        failure: { code: 'disturbed', message: 'an invocation ran out of time' },
      };
    }
    default:
      return cell;
  }
}

function keyOf({ stage, transactions, strategy, fault }: Cell): string {
  return `${stage} ${transactions} ${strategy} ${fault}`;
}
