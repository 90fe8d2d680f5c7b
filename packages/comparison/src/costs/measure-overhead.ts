import type { StrategyCode } from '@oncefold/commit';
import type { RequestFigures } from '@oncefold/local-runtime';
import type { Overhead, UnitSource } from '../report/comparison-report.ts';
import { CellFailureError } from '../stage/cell-failure-error.ts';
import { openStageSandbox, type StageEnvironment } from '../stage/stage-sandbox.ts';
import type { StageInput } from '../stage-input/stage-input.ts';
import { streamEvent } from '../stage-input/stream-record.ts';
import { median, rounded, spreadOf, unitsOf } from '../statistics.ts';
import type { BatchPlan } from './batch-plans.ts';

/** With the ledger, a batch of 1,000 needs some ten transactions: the template's default leaves time for them. */
const TIMEOUT_SECONDS = 60;

/** One strategy with its database and its process. */
interface Contestant {
  readonly strategy: StrategyCode;
  /** Delivers one batch. */
  measure(records: readonly object[]): Promise<Sample>;
  close(): Promise<void>;
}

interface Sample {
  readonly latencyMs: number;
  readonly before: RequestFigures;
  readonly after: RequestFigures;
}

interface OverheadOptions {
  readonly strategies: readonly StrategyCode[];
  readonly plans: readonly BatchPlan[];
  /** With as many records as the plans need. */
  readonly input: StageInput;
  readonly environment: StageEnvironment;
  readonly source: UnitSource;
  readonly signal: AbortSignal;
  readonly onPlan: (plan: BatchPlan) => void;
}

/**
 * Measures what one batch costs without faults, for each strategy and batch size.
 *
 * All strategies take turns with the same batches, so that other load on the machine affects all of them; ratios are taken
 * within a round.
 */
export async function measureOverhead(options: OverheadOptions): Promise<Overhead[]> {
  const { strategies, plans, input, signal } = options;
  const contestants: Contestant[] = [];
  const overheads: Overhead[] = [];
  try {
    for (const strategy of strategies) {
      contestants.push(await openContestant(strategy, options));
    }
    let from = 0;
    for (const plan of plans) {
      options.onPlan(plan);
      const samples = new Map<StrategyCode, Sample[]>(strategies.map((code) => [code, []]));
      for (let round = -plan.warmUps; round < plan.rounds; round += 1) {
        const records = input.records.slice(from, from + plan.size).map((record) => record.event(1));
        from += plan.size;
        for (const { strategy, measure } of rotated(contestants, round + plan.warmUps)) {
          signal.throwIfAborted();
          const sample = await measure(records);
          if (round >= 0) {
            samples.get(strategy)?.push(sample);
          }
        }
      }
      for (const strategy of strategies) {
        overheads.push({
          stage: input.stage,
          strategy,
          batchSize: plan.size,
          ...summarize(samples.get(strategy) ?? [], samples.get('none'), options.source),
        });
      }
    }
    return overheads;
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.close()));
  }
}

async function openContestant(strategy: StrategyCode, options: OverheadOptions): Promise<Contestant> {
  const { signal } = options;
  const query = { stage: options.input.stage, strategy, timeoutSeconds: TIMEOUT_SECONDS };
  const sandbox = await openStageSandbox(options.environment, query, { signal });
  const { proxy } = sandbox;
  const poller = sandbox.createPoller(strategy, () => ({}));
  await sandbox.createTables();
  return {
    strategy,
    measure: async (records) => {
      const event = streamEvent(records, sandbox.resources);
      // The process may still be reporting that it is free: that is not part of the batch.
      await poller.warm();
      const before = proxy.figures();
      const startedAt = performance.now();
      const result = await poller.invoke(event);
      const latencyMs = performance.now() - startedAt;
      signal.throwIfAborted();
      if (result.code === 'failed') {
        throw new CellFailureError('disturbed', `${strategy} failed without a fault: ${result.errorMessage}`);
      }
      return { latencyMs, before, after: proxy.figures() };
    },
    close: sandbox.close,
  };
}

function summarize(
  samples: readonly Sample[],
  references: readonly Sample[] | undefined,
  source: UnitSource,
): Omit<Overhead, 'stage' | 'strategy' | 'batchSize'> {
  const perBatch = (of: (figures: RequestFigures) => number): number =>
    rounded(samples.reduce((sum, { before, after }) => sum + of(after) - of(before), 0) / samples.length);
  const latencies = samples.map(({ latencyMs }) => latencyMs);
  const pairs = references?.map(
    ({ latencyMs }, round) => [latencies[round] ?? latencyMs, latencyMs] as const,
  );
  return {
    batches: samples.length,
    requestsPerBatch: perBatch(({ requests }) => requests),
    commitsPerBatch: perBatch(({ commits }) => commits),
    unitsPerBatch: {
      read: perBatch((figures) => unitsOf(figures, source).read),
      write: perBatch((figures) => unitsOf(figures, source).write),
      source,
    },
    latencyMs: spreadOf(latencies),
    ...(pairs === undefined
      ? {}
      : {
          latencyRatio: rounded(median(pairs.map(([own, other]) => own / other))),
          addedMs: rounded(median(pairs.map(([own, other]) => own - other))),
        }),
  };
}

function rotated<Value>(values: readonly Value[], by: number): Value[] {
  const at = by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}
