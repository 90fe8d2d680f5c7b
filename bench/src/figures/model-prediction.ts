import { median } from '@oncefold/comparison/statistics';
import { POLLING } from '@oncefold/local-runtime';
import type { Figure } from '../figure.ts';
import { awsLimits, documentedUnits } from '../model/capacity.ts';
import { type ForeseenDetails, foresee, type Services, TRANSACTION_MS } from '../model/foresee.ts';
import { fitServiceTime, mean, type ServiceTime } from '../model/service-time.ts';
import { type SimulatedStage, simulatePipeline } from '../model/simulate-pipeline.ts';
import {
  type ObservedPipeline,
  type ObservedRun,
  type PacedLoad,
  startObservedPipeline,
} from '../pipeline/observed-pipeline.ts';
import { type ObservedCall, wholeMs } from '../pipeline/passages.ts';

/** What the model said of a run, and what was measured. */
export interface Prediction {
  readonly what: string;
  readonly unit: string;
  readonly predicted: number;
  readonly measured: number;
}

export interface ModelDetails extends ForeseenDetails {
  readonly predictions: readonly Prediction[];
  /** Service times of a pipeline that has time, and of one that has none; and those that are taken for AWS. */
  readonly services: { readonly light: Services; readonly full: Services; readonly aws: Services };
}

interface Settings {
  readonly stateBatchSize: number;
  readonly mapBatchSize: number;
  readonly mapWindowSeconds: number;
  readonly reduceWindowSeconds: number;
}

/** Service times are taken from runs with these settings. */
const known: Settings = {
  stateBatchSize: 100,
  mapBatchSize: 1_000,
  mapWindowSeconds: 1,
  reduceWindowSeconds: 1,
};
/** And runs with these are predicted. */
const unknown: Settings = {
  stateBatchSize: 250,
  mapBatchSize: 250,
  mapWindowSeconds: 0,
  reduceWindowSeconds: 0,
};

const light: PacedLoad = { messages: 400, perCall: 5, intervalMs: 100 };
const heavier: PacedLoad = { messages: 3_200, perCall: 40, intervalMs: 100 };
const between: PacedLoad = { messages: 2_000, perCall: 20, intervalMs: 100 };
const full: PacedLoad = { messages: 8_000, perCall: 200, intervalMs: 0 };

/** Share of a processor that a function of 1,024 MB has: 1,769 MB are one. */
const LAMBDA_CPU = 1_024 / 1_769;
/**
 * Answers of DynamoDB that an invocation waits for one after the other, milliseconds. They are assumed: "single-digit milliseconds" for a
 * request, twice that for a request of 25 statements and for a transaction, which has two phases.
 */
const AWS_ANSWERS_MS = {
  // The item that says whether a rebuild runs, two rounds of statements, the account.
  state: 5 + 2 * 10 + 5,
  map: 5 + TRANSACTION_MS,
  reduce: TRANSACTION_MS,
};

const KINESIS_SHARDS = 2;
/** DynamoDB Local has one for each table. */
const TABLE_SHARDS = 1;
const REDUCE_BATCH_SIZE = 1_000;
const MINUTES_MAX = 10;

/** The model is to say within a fifth what a run takes whose settings it has not seen. */
export const modelPrediction: Figure = {
  name: 'model-prediction',
  title:
    'furthest that the model is from what it predicts: latency and drain of runs with other settings and loads',
  reference: 'what was measured',
  unit: 'of it',
  goal: { of: 'ratio', max: 1.2 },
  fullOnly: true,
  async measure() {
    const { lightRun, heavierRun, unknownBetween, knownBetween, fullRun, unknownFull } = await runAll();
    // A read of a few records takes the engine as long as a put of them.
    const readMs = median(lightRun.putMs);
    const services = {
      light: servicesOf([...lightRun.calls, ...heavierRun.calls]),
      full: withoutSpread(servicesOf(fullRun.calls)),
      aws: servicesOnAws(fullRun),
    };
    const predictions: readonly Prediction[] = [
      latencyOf(
        'mean latency at 200 a second, windows of 1 s',
        knownBetween,
        simulated(known, { services: services.light, readMs }, knownBetween),
      ),
      latencyOf(
        'mean latency at 200 a second, no windows',
        unknownBetween,
        simulated(unknown, { services: services.light, readMs }, unknownBetween),
      ),
      drainOf(
        '8,000 messages at once, batches of 250 and no windows',
        unknownFull,
        simulated(unknown, { services: services.full, readMs }, unknownFull),
      ),
    ];
    const deviation = Math.max(
      ...predictions.map(({ predicted, measured }) => Math.max(predicted / measured, measured / predicted)),
    );
    const details: ModelDetails = { predictions, services, ...foresee(services.aws) };
    return { pairs: [{ subject: deviation, reference: 1 }], details };
  },
};

/** What is known and what it predicts are measured one right after the other: a machine that becomes slower does so for both. */
async function runAll() {
  const pipelines: ObservedPipeline[] = [];
  const start = async (settings: Settings): Promise<ObservedPipeline> => {
    const pipeline = await startObservedPipeline(parametersOf(settings));
    pipelines.push(pipeline);
    return pipeline;
  };
  try {
    const [ofKnown, ofUnknown] = [await start(known), await start(unknown)];
    return {
      lightRun: await ofKnown.run(light),
      unknownBetween: await ofUnknown.run(between),
      heavierRun: await ofKnown.run(heavier),
      knownBetween: await ofKnown.run(between),
      fullRun: await ofKnown.run(full),
      unknownFull: await ofUnknown.run(full),
    };
  } finally {
    await Promise.all(pipelines.map((pipeline) => pipeline.stop()));
  }
}

function parametersOf(settings: Settings): Readonly<Record<string, string>> {
  return {
    StreamShardCount: String(KINESIS_SHARDS),
    StateBatchSize: String(settings.stateBatchSize),
    MapBatchSize: String(settings.mapBatchSize),
    MapBatchingWindowSeconds: String(settings.mapWindowSeconds),
    ReduceBatchingWindowSeconds: String(settings.reduceWindowSeconds),
  };
}

function servicesOf(calls: readonly ObservedCall[]): Services {
  const of = (id: string) =>
    fitServiceTime(
      calls
        .filter(({ functionId }) => functionId === id)
        .map(({ records, startedAtMs, endedAtMs }) => ({ records, ms: endedAtMs - startedAtMs })),
    );
  return { state: of('StateFunction'), map: of('MapFunction'), reduce: of('ReduceFunction') };
}

/**
 * Where the processors are the bottleneck, one invocation is slow because another is fast: as if each had a fate of its own, the slowest
 * shard would be too slow.
 */
function withoutSpread(services: Services): Services {
  const of = ({ fixedMs, perRecordMs }: ServiceTime): ServiceTime => ({ fixedMs, perRecordMs });
  return { state: of(services.state), map: of(services.map), reduce: of(services.reduce) };
}

/**
 * The CPU time that was measured, on the processor that Lambda gives, and the answers of DynamoDB. State and map are busy with their
 * records; reduce has a row at a time and is busy with its invocation: each further row is taken for as much work as a change is to map.
 */
function servicesOnAws({ calls, cpuMs }: ObservedRun): Services {
  const of = (id: string) => {
    const batches = calls.filter(({ functionId }) => functionId === id);
    const records = batches.reduce((sum, call) => sum + call.records, 0);
    const ms = (cpuMs[id] ?? 0) / LAMBDA_CPU;
    return { perBatch: ms / batches.length, perRecord: ms / records };
  };
  const perChange = of('MapFunction').perRecord;
  return {
    state: { fixedMs: AWS_ANSWERS_MS.state, perRecordMs: of('StateFunction').perRecord },
    map: { fixedMs: AWS_ANSWERS_MS.map, perRecordMs: perChange },
    reduce: { fixedMs: AWS_ANSWERS_MS.reduce + of('ReduceFunction').perBatch, perRecordMs: perChange },
  };
}

/** Lets the messages of a run arrive when they were put, in the model. */
function simulated(
  settings: Settings,
  { services, readMs }: { readonly services: Services; readonly readMs: number },
  run: ObservedRun,
) {
  const beganAtMs = run.passages[0]?.putAtMs ?? 0;
  const local = (kind: 'kinesis' | 'dynamodb') => ({ kind, polling: POLLING[kind], readMs });
  const stage = (
    name: keyof Services,
    rest: Pick<SimulatedStage, 'batchSize' | 'windowSeconds' | 'shards'>,
  ): SimulatedStage => ({
    ...local(name === 'state' ? 'kinesis' : 'dynamodb'),
    service: services[name],
    ...rest,
  });
  return simulatePipeline({
    state: stage('state', { batchSize: settings.stateBatchSize, windowSeconds: 0, shards: KINESIS_SHARDS }),
    map: stage('map', {
      batchSize: settings.mapBatchSize,
      windowSeconds: settings.mapWindowSeconds,
      shards: TABLE_SHARDS,
    }),
    reduce: stage('reduce', {
      batchSize: REDUCE_BATCH_SIZE,
      windowSeconds: settings.reduceWindowSeconds,
      shards: TABLE_SHARDS,
    }),
    // One reader of one shard: no transaction meets another.
    transactionMs: 0,
    rowsPerTransaction: awsLimits.transactionActions - documentedUnits.sums,
    changedShare: 1,
    arrivals: run.passages.map(({ putAtMs }) => putAtMs - beganAtMs),
    endMs: MINUTES_MAX * 60_000,
  });
}

type Simulated = ReturnType<typeof simulatePipeline>;

function latencyOf(what: string, run: ObservedRun, { latenciesMs }: Simulated): Prediction {
  return {
    what,
    unit: 'ms',
    predicted: Math.round(mean(latenciesMs)),
    measured: Math.round(mean(run.passages.map(wholeMs))),
  };
}

function drainOf(
  what: string,
  run: ObservedRun,
  { doneMs = Number.POSITIVE_INFINITY }: Simulated,
): Prediction {
  const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;
  return { what, unit: 's', predicted: tenths(doneMs / 1_000), measured: tenths(run.seconds) };
}
