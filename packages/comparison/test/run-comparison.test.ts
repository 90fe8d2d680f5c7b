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
  it('reports every cell of the parameters, in order, with the command that runs it alone', async () => {
    const kinds: string[] = [];
    const report = await runComparison(parameters, {
      environment: environment(),
      overhead: false,
      onProgress: (progress) => kinds.push(progress.kind),
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
    expect(kinds).toEqual(Array.from({ length: 8 }, () => 'cell'));
  });

  it('never counts a cell without a result as a pass', async () => {
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

  it('rejects with the reason of the signal', async () => {
    const end = new AbortController();
    const reason = new Error('enough');
    const running = runComparison(parameters, {
      environment: environment(),
      overhead: false,
      onProgress: () => end.abort(reason),
      signal: end.signal,
    });
    await expect(running).rejects.toBe(reason);
  });
});
