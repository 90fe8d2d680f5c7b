import type { ComparisonReport } from '../../src/report/comparison-report.ts';
import { sampleReport } from './sample-report.ts';

/** Text that attacks a page: a script, the end of an attribute, a bidirectional control. */
export const attack = `"'><script>alert(1)</script><img src=x onerror=alert(2)></style></title>&amp;\u202e`;

/** A report in which every free text contains {@link attack} and long words. */
export function hostileReport(): ComparisonReport {
  const report = sampleReport({ strategies: ['none', 'ledger'], faults: ['none', 'crash'] });
  const text = (what: string): string => `${what} ${attack} ${'Donaudampfschifffahrt'.repeat(8)}`;
  return {
    ...report,
    versions: { oncefold: text('0'), node: text('0'), libraries: { [text('library')]: text('1') } },
    machine: { ...report.machine, cpuModel: text('CPU'), platform: text('platform') },
    engines: report.engines.map(() => ({ name: text('engine'), version: text('2'), usedFor: text('for') })),
    modelled: [text('Modelled')],
    inputs: report.inputs.map((input) => ({ ...input, recordIs: text('row') })),
    transactions: report.transactions.map((transactions) => ({
      ...transactions,
      title: text('Transactions'),
      description: text('Description'),
    })),
    strategies: report.strategies.map((strategy) => ({
      ...strategy,
      title: text('Strategy'),
      guard: text('Guard'),
    })),
    faults: report.faults.map((fault) => ({
      ...fault,
      title: text('Fault'),
      description: text('Description'),
    })),
    cells: report.cells.map((cell) =>
      cell.outcome === 'failed' || cell.fault === 'none'
        ? {
            stage: cell.stage,
            transactions: cell.transactions,
            strategy: cell.strategy,
            fault: cell.fault,
            durationMs: 1,
            disturbances: 1,
            replay: text('oncefold'),
            outcome: 'failed',
            failure: { code: 'not-through', message: text('Error') },
          }
        : {
            ...cell,
            replay: text('oncefold'),
            expectation: { ...cell.expectation, why: text('Because') },
            effort: { ...cell.effort, requestsByOperation: { [text('Operation')]: 3 } },
            difference: {
              ...cell.difference,
              byNode: [{ node: text('PV'), expected: '1', actual: '2', difference: '1' }],
            },
          },
    ),
    price: { ...report.price, region: text('region'), source: text('javascript:'), validSince: text('day') },
  };
}
