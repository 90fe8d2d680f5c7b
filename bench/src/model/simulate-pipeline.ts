import { createAgenda } from './agenda.ts';
import { createServiceTimes, type ServiceTime } from './service-time.ts';
import { createStream, type StageSettings, startStage } from './simulated-stage.ts';

/** A stage of the simulated pipeline. */
export interface SimulatedStage extends StageSettings {
  readonly service: ServiceTime;
  /** Of the stream that it reads; as many invocations run at once. */
  readonly shards: number;
}

export interface SimulationOptions {
  readonly state: SimulatedStage;
  readonly map: SimulatedStage;
  readonly reduce: SimulatedStage;
  /**
   * How long a transaction of reduce keeps all others away from the sums that every one of them adds to, milliseconds. The best case:
   * DynamoDB makes no queue, but cancels one of two that meet, and it is sent again.
   */
  readonly transactionMs: number;
  /** Rows that one transaction takes beside the sums: each has a marker. */
  readonly rowsPerTransaction: number;
  /** Changes of each message that is summed; the others are repeated or stale. */
  readonly changedShare: number;
  /** When each message arrives, milliseconds from the beginning, in order. */
  readonly arrivals: readonly number[];
  /** When to stop, whether all messages are through or not. */
  readonly endMs: number;
}

export interface SimulationResult {
  /** From its arrival to its sums, of each message that is through, milliseconds. */
  readonly latenciesMs: readonly number[];
  /** When the last message was through; undefined where not all are. */
  readonly doneMs: number | undefined;
  /** Messages that have arrived and are not through, at the end of each second. */
  readonly waiting: readonly number[];
}

const SECOND_MS = 1_000;
/** DynamoDB sends every change; the state stage writes one for each message that changes something. */
type Changes = readonly number[];

/** Lets messages through the three stages on a simulated clock: the real mapping machine, and functions that only take time. */
export function simulatePipeline(options: SimulationOptions): SimulationResult {
  const { state, map, reduce, arrivals, endMs, changedShare } = options;
  const agenda = createAgenda();
  const messages = createStream<number>(state.shards);
  const changes = createStream<number>(map.shards);
  const rows = createStream<Changes>(reduce.shards);
  for (const [index, atMs] of arrivals.entries()) {
    messages.put(index, atMs);
  }
  const stateMs = createServiceTimes(state.service);
  const mapMs = createServiceTimes(map.service);
  const reduceMs = createServiceTimes(reduce.service);
  const latenciesMs: number[] = [];
  const waiting: number[] = [];
  let through = 0;
  let doneMs: number | undefined;
  let sumsFreeAtMs = 0;

  const finish = (count: number): void => {
    through += count;
    doneMs = through === arrivals.length ? agenda.nowMs : undefined;
  };

  startStage(state, {
    agenda,
    stream: messages,
    invoke: (batch, done) =>
      agenda.plan(agenda.nowMs + stateMs(batch.length), () => {
        // So spread that every batch has its share: the first of each run that the share makes whole.
        const changed = batch.filter(
          (index) => Math.floor((index + 1) * changedShare) > Math.floor(index * changedShare),
        );
        for (const index of changed) {
          changes.put(index, agenda.nowMs);
        }
        finish(batch.length - changed.length);
        done();
      }),
  });
  startStage(map, {
    agenda,
    stream: changes,
    invoke: (batch, done) =>
      agenda.plan(agenda.nowMs + mapMs(batch.length), () => {
        rows.put(batch, agenda.nowMs);
        done();
      }),
  });
  startStage(reduce, {
    agenda,
    stream: rows,
    invoke(batch, done) {
      const transactions = Math.ceil(batch.length / options.rowsPerTransaction);
      const keptMs = transactions * options.transactionMs;
      const freeMs = Math.max(0, reduceMs(batch.length) - keptMs);
      sumsFreeAtMs = Math.max(sumsFreeAtMs, agenda.nowMs + freeMs) + keptMs;
      agenda.plan(sumsFreeAtMs, () => {
        for (const index of batch.flat()) {
          latenciesMs.push(agenda.nowMs - (arrivals[index] ?? 0));
        }
        finish(batch.flat().length);
        done();
      });
    },
  });
  for (let atMs = SECOND_MS, arrived = 0; atMs <= endMs; atMs += SECOND_MS) {
    agenda.plan(atMs, () => {
      while (arrived < arrivals.length && (arrivals[arrived] ?? 0) <= atMs) {
        arrived += 1;
      }
      waiting.push(arrived - through);
    });
  }
  agenda.runUntil(endMs);
  return { latenciesMs, doneMs, waiting };
}
