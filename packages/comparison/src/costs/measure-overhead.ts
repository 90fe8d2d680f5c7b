import { createLocalDynamoDb, freshCredentials, LOCAL_REGION } from '@oncefold/engines';
import type { RequestFigures } from '@oncefold/local-runtime';
import { startFaultProxy } from '@oncefold/local-runtime';
import { CellFailureError } from '../cells/cell-failure-error.ts';
import type { CellEnvironment } from '../cells/run-cell.ts';
import type { Overhead, StageCode, StrategyCode, UnitSource } from '../report/comparison-report.ts';
import { createPoller } from '../stage/poller.ts';
import { createCellTables } from '../stage/stage-tables.ts';
import type { StageInput } from '../stage-input/stage-input.ts';
import { streamEvent } from '../stage-input/stream-record.ts';
import { median, rounded, spreadOf } from '../statistics.ts';

/** How often batches of one size are measured. */
export interface BatchPlan {
  /** Records in one batch. */
  readonly size: number;
  /** Batches before the first that counts. */
  readonly warmUps: number;
  readonly rounds: number;
}

/** Batches of a thousand take some ten transactions with the ledger: as long as the template's default allows. */
const TIMEOUT_SECONDS = 60;

/** One strategy with its database and its process. */
interface Contestant {
  readonly strategy: StrategyCode;
  /** Commits one batch of records; tells how long that took and what requests it took. */
  deliver(records: readonly object[]): Promise<Sample>;
  stop(): Promise<void>;
}

interface Sample {
  readonly latencyMs: number;
  readonly before: RequestFigures;
  readonly after: RequestFigures;
}

/**
 * Measures what one batch takes without faults, for each strategy and batch size.
 *
 * All strategies get the same batches, in turns, so that what the machine does beside them falls on all of them; ratios are
 * taken within a round.
 *
 * @param options.work - with as many records as {@link recordsOf} the plans
 * @param options.source - whether the engine's own figures are right
 */
export async function measureOverhead(options: {
  readonly stage: StageCode;
  readonly strategies: readonly StrategyCode[];
  readonly plans: readonly BatchPlan[];
  readonly work: StageInput;
  readonly environment: CellEnvironment;
  readonly source: UnitSource;
  readonly signal: AbortSignal;
  readonly onPlan: (plan: BatchPlan) => void;
}): Promise<Overhead[]> {
  const { stage, strategies, plans, work, signal } = options;
  const contestants: Contestant[] = [];
  const overheads: Overhead[] = [];
  const abort = (): void => void Promise.all(contestants.map((each) => each.stop()));
  signal.addEventListener('abort', abort, { once: true });
  try {
    for (const strategy of strategies) {
      contestants.push(await enter({ ...options, strategy }));
    }
    let from = 0;
    for (const plan of plans) {
      options.onPlan(plan);
      const samples = new Map<StrategyCode, Sample[]>(strategies.map((code) => [code, []]));
      for (let round = -plan.warmUps; round < plan.rounds; round += 1) {
        const records = work.records.slice(from, from + plan.size).map((record) => record.event(1));
        from += plan.size;
        for (const { strategy, deliver } of rotated(contestants, round + plan.warmUps)) {
          signal.throwIfAborted();
          const sample = await deliver(records);
          if (round >= 0) {
            samples.get(strategy)?.push(sample);
          }
        }
      }
      for (const strategy of strategies) {
        overheads.push(describe({ stage, strategy, plan, samples, source: options.source }));
      }
    }
    return overheads;
  } finally {
    signal.removeEventListener('abort', abort);
    await Promise.all(contestants.map((each) => each.stop()));
  }
}

/** How many records the plans take in all. */
export function recordsOf(plans: readonly BatchPlan[]): number {
  return plans.reduce((sum, { size, warmUps, rounds }) => sum + size * (warmUps + rounds), 0);
}

async function enter(options: {
  readonly stage: StageCode;
  readonly strategy: StrategyCode;
  readonly environment: CellEnvironment;
  readonly signal: AbortSignal;
}): Promise<Contestant> {
  const { environment, signal, strategy } = options;
  const resources = await environment.resources({ ...options, timeoutSeconds: TIMEOUT_SECONDS });
  const credentials = freshCredentials();
  const database = await environment.engine.open();
  const client = createLocalDynamoDb({ endpoint: database.endpoint, credentials });
  await createCellTables(client, resources, signal).finally(() => client.destroy());
  const proxy = await startFaultProxy({ engine: database.endpoint });
  const poller = createPoller({
    name: strategy,
    resource: resources.function,
    access: {
      dynamodb: proxy.endpoint(strategy),
      kinesis: '',
      region: LOCAL_REGION,
      accountId: '000000000000',
      credentials,
    },
    taskRoot: environment.taskRoot,
    environment: () => ({}),
  });
  return {
    strategy,
    deliver: async (records) => {
      const event = streamEvent(records, { table: resources.source, window: resources.hasWindow });
      // The process may still be telling that it is free: that is no part of the batch.
      await poller.warm();
      const before = proxy.figures();
      const startedAt = performance.now();
      const result = await poller.invoke(event);
      const latencyMs = performance.now() - startedAt;
      if (result.code === 'failed') {
        throw new CellFailureError('disturbed', `${strategy} failed without a fault: ${result.errorMessage}`);
      }
      return { latencyMs, before, after: proxy.figures() };
    },
    stop: async () => {
      await poller.stop();
      await proxy.close();
      await database.close();
    },
  };
}

function describe(options: {
  readonly stage: StageCode;
  readonly strategy: StrategyCode;
  readonly plan: BatchPlan;
  readonly samples: ReadonlyMap<StrategyCode, readonly Sample[]>;
  readonly source: UnitSource;
}): Overhead {
  const { stage, strategy, plan, source } = options;
  const samples = options.samples.get(strategy) ?? [];
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) {
    throw new Error('invariant: nothing was measured');
  }
  const unitsOf = (figures: RequestFigures): RequestFigures['unitsTold'] =>
    source === 'engine' ? figures.unitsTold : figures.unitsComputed;
  const perBatch = (of: (figures: RequestFigures) => number): number =>
    rounded(samples.reduce((sum, { before, after }) => sum + of(after) - of(before), 0) / samples.length);
  const latencies = samples.map(({ latencyMs }) => latencyMs);
  const reference = options.samples.get('none')?.map(({ latencyMs }) => latencyMs);
  const pairs = reference?.map((other, round) => [latencies[round] ?? other, other] as const);
  return {
    stage,
    strategy,
    batchSize: plan.size,
    batches: samples.length,
    requestsPerBatch: perBatch(({ requests }) => requests),
    commitsPerBatch: perBatch(({ commits }) => commits),
    unitsPerBatch: {
      read: perBatch((figures) => unitsOf(figures).read),
      write: perBatch((figures) => unitsOf(figures).write),
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
