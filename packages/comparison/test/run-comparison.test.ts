import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { describe, expect, it } from 'vitest';
import type { ComparisonEnvironment } from '../src/comparison-environment.ts';
import type { ComparisonParameters } from '../src/report/comparison-report.ts';
import { parseReport } from '../src/report/report-document.ts';
import { runComparison } from '../src/run-comparison.ts';
import { createComparisonEngine } from '../src/stage/comparison-engine.ts';
import { createStageResourcesReader } from '../src/stage/stage-resources.ts';

const database = useDynamoDb();
const parameters: ComparisonParameters = {
  seed: 11,
  messages: 60,
  quick: true,
  stages: ['reduce'],
  transactions: ['one', 'several'],
  strategies: ['none', 'ledger'],
  faults: ['none', 'same-batch'],
};

function environment(taskRoot?: string): ComparisonEnvironment {
  const engine = { name: 'dynamodb-local', version: '2.6.1', endpoint: database.endpoint };
  const fixture = (stage: string): string =>
    taskRoot ?? fileURLToPath(new URL(`./fixtures/${stage}`, import.meta.url));
  return {
    engine: createComparisonEngine(engine, () => startDynamoDb()),
    resources: createStageResourcesReader(fileURLToPath(new URL('../../../template.yaml', import.meta.url))),
    taskRoots: { map: fixture('map'), reduce: fixture('reduce') },
    versions: { oncefold: '0.1.0', node: process.versions.node, libraries: {} },
  };
}

describe('runComparison', () => {
  it('reports every cell that was asked for, in order, with the command that runs it alone', async () => {
    const told: string[] = [];
    const report = await runComparison(parameters, {
      environment: environment(),
      overhead: false,
      onProgress: (progress) => told.push(progress.kind),
      signal: new AbortController().signal,
    });
    expect(parseReport(JSON.stringify(report))).toEqual(report);
    expect(report.verdict).toBe('kept');
    expect(report.cells.map((cell) => [cell.transactions, cell.strategy, cell.fault, cell.outcome])).toEqual(
      ['one', 'several'].flatMap((transactions) => [
        [transactions, 'none', 'none', 'exact'],
        [transactions, 'none', 'same-batch', 'wrong'],
        [transactions, 'ledger', 'none', 'exact'],
        [transactions, 'ledger', 'same-batch', 'exact'],
      ]),
    );
    expect(report.cells[1]?.replay).toBe(
      'npm run oncefold -- compare --stage reduce --transactions one --strategies none --faults same-batch --seed 11 --messages 60 --quick',
    );
    expect(report.inputs.map(({ transactions, batches }) => [transactions, batches])).toEqual([
      ['one', 18],
      ['several', 14],
    ]);
    expect(report.cells[3]).toMatchObject({ asExpected: true, effort: { units: { source: 'computed' } } });
    expect(told).toEqual(Array.from({ length: 8 }, () => 'cell'));
  });

  it('never takes a cell for a pass that could not be judged', async () => {
    const report = await runComparison(
      { ...parameters, transactions: ['one'], strategies: ['ledger'], faults: ['none'] },
      {
        // There is no function here.
        environment: environment(tmpdir()),
        overhead: false,
        onProgress: () => {},
        signal: new AbortController().signal,
      },
    );
    expect(report.verdict).toBe('incomplete');
    expect(report.cells).toMatchObject([{ outcome: 'failed', failure: { code: 'function-broken' } }]);
  });

  it('ends with the reason when it is told to', async () => {
    const end = new AbortController();
    const reason = new Error('enough');
    const work = runComparison(parameters, {
      environment: environment(),
      overhead: false,
      onProgress: () => end.abort(reason),
      signal: end.signal,
    });
    await expect(work).rejects.toBe(reason);
  });
});
