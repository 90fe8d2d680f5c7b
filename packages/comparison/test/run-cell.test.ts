import { fileURLToPath } from 'node:url';
import type { StrategyCode } from '@oncefold/commit';
import { startDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { describe, expect, it } from 'vitest';
import { expectationOf } from '../src/cells/expectations.ts';
import { type CellResult, runCell } from '../src/cells/run-cell.ts';
import type { CellName, FaultCode, StageCode, TransactionsCode } from '../src/report/comparison-report.ts';
import { type ComparisonEngine, createComparisonEngine } from '../src/stage/comparison-engine.ts';
import { createStageResourcesReader } from '../src/stage/stage-resources.ts';
import { createStageInput } from '../src/stage-input/create-stage-input.ts';

// Goal: the cells that matter most have the predicted outcome, on a real engine with real processes.
// Method: small inputs, each fault once. The cells without a guard show that the faults are real.

const database = useDynamoDb();
const resources = createStageResourcesReader(
  fileURLToPath(new URL('../../../template.yaml', import.meta.url)),
);
const MESSAGES = 60;
const timeoutMs = 120_000;

function run(
  name: CellName,
  options: { seed?: number; engine?: ComparisonEngine } = {},
): Promise<CellResult> {
  const seed = options.seed ?? 7;
  const input = createStageInput({ ...name, messages: MESSAGES, seed, arrivedAtMs: Date.now() });
  const shared = { name: 'dynamodb-local', version: '', endpoint: database.endpoint };
  return runCell(name, {
    environment: {
      engine: options.engine ?? createComparisonEngine(shared, () => startDynamoDb()),
      resources,
      taskRoot: fileURLToPath(new URL(`./fixtures/${name.stage}`, import.meta.url)),
    },
    input,
    seed,
    quick: true,
    signal: new AbortController().signal,
  });
}

function cell(
  stage: StageCode,
  strategy: StrategyCode,
  fault: FaultCode,
  transactions: TransactionsCode = 'one',
): CellName {
  return { stage, transactions, strategy, fault };
}

const decisive: readonly CellName[] = [
  cell('reduce', 'none', 'none'),
  cell('reduce', 'none', 'reply-lost'),
  cell('reduce', 'request-token', 'crash'),
  cell('reduce', 'request-token', 'token-window'),
  cell('reduce', 'request-token', 'regrouped'),
  cell('reduce', 'powertools', 'same-batch'),
  cell('reduce', 'powertools', 'crash'),
  cell('reduce', 'ledger', 'two-pollers'),
  cell('reduce', 'ledger', 'everything'),
  cell('reduce', 'checkpoint', 'zombie'),
  cell('reduce', 'checkpoint', 'everything'),
  cell('map', 'none', 'same-batch'),
  cell('map', 'request-token', 'token-window'),
  cell('map', 'ledger', 'everything'),
  cell('map', 'checkpoint', 'everything'),
  cell('reduce', 'none', 'none', 'several'),
  cell('reduce', 'none', 'same-batch', 'several'),
  cell('reduce', 'request-token', 'same-batch', 'several'),
  cell('reduce', 'request-token', 'crash', 'several'),
  cell('reduce', 'request-token', 'regrouped', 'several'),
  cell('reduce', 'powertools', 'crash', 'several'),
  cell('reduce', 'ledger', 'everything', 'several'),
  cell('reduce', 'checkpoint', 'same-batch', 'several'),
  cell('reduce', 'checkpoint', 'regrouped', 'several'),
  cell('reduce', 'checkpoint', 'two-pollers', 'several'),
  cell('reduce', 'checkpoint', 'everything', 'several'),
  cell('map', 'none', 'regrouped', 'several'),
  cell('map', 'ledger', 'everything', 'several'),
  cell('map', 'checkpoint', 'regrouped', 'several'),
  cell('map', 'checkpoint', 'everything', 'several'),
];

describe('runCell', () => {
  it.each(decisive)(
    '$stage, $transactions, $strategy, $fault has the predicted outcome',
    async (name) => {
      const result = await run(name);
      const outcome = result.difference.nodesWrong === 0 ? 'exact' : 'wrong';
      expect({ outcome, difference: outcome === 'exact' ? [] : result.difference.byNode }).toEqual({
        outcome: expectationOf(name).outcome,
        difference: outcome === 'exact' ? [] : expect.anything(),
      });
      expect(result.faultsHappened.length > 0).toBe(name.fault !== 'none');
    },
    timeoutMs,
  );

  it(
    'has the same result when it runs again',
    async () => {
      const name = cell('reduce', 'none', 'regrouped');
      const [one, other] = [await run(name), await run(name)];
      expect(other.difference).toEqual(one.difference);
      expect(other.faultsHappened).toEqual(one.faultsHappened);
    },
    timeoutMs,
  );

  it.each<StrategyCode>(['none', 'powertools', 'ledger', 'checkpoint'])(
    'computes the units of %s like an engine that follows the documented rules',
    async (strategy) => {
      const start = () => startDynamoDb({ engine: 'dynoxide' });
      const engine = createComparisonEngine({ name: 'dynoxide', version: '', endpoint: '' }, start);
      const { figures } = await run(cell('reduce', strategy, 'same-batch'), { engine });
      expect(figures.unitsComputed.write).toBeGreaterThan(0);
      expect(figures.unitsComputed).toEqual(figures.unitsReported);
    },
    timeoutMs,
  );
});
