import { quantile } from '@oncefold/comparison/statistics';
import { POLLING } from '@oncefold/local-runtime';
import { inPieces } from '../cut/in-pieces.ts';
import type { Figure, Pair } from '../figure.ts';
import { type PacedLoad, startObservedPipeline } from '../pipeline/observed-pipeline.ts';
import { type Leg, legs, legsOf, type Passage, wholeMs } from '../pipeline/passages.ts';

/** Half of the messages took no longer than the median, and 99 of 100 no longer than that. */
export interface LatencySpread {
  /** Means of ways add up to that of the whole. */
  readonly meanMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

export interface LatencyDetails {
  readonly messagesPerSecond: number;
  readonly samples: number;
  readonly whole: LatencySpread;
  readonly legs: Readonly<Record<Leg, LatencySpread>>;
  /** What is configured, milliseconds. */
  readonly floor: { readonly windowsMs: number; readonly pollsMs: number };
}

const WINDOW_SECONDS = { map: 1, reduce: 1 };
const floor = {
  windowsMs: (WINDOW_SECONDS.map + WINDOW_SECONDS.reduce) * 1_000,
  pollsMs: POLLING.kinesis.idleMs + 2 * POLLING.dynamodb.idleMs,
};
const loads: Readonly<Record<number, PacedLoad>> = {
  1: { messages: 60, perCall: 1, intervalMs: 1_000 },
  100: { messages: 3_000, perCall: 10, intervalMs: 100 },
  1000: { messages: 20_000, perCall: 50, intervalMs: 50 },
};
/** The run is cut into so many pieces, for the spread. */
const PIECES = 3;

/** From the put of a message until the sums that it is in are committed, on local engines with the windows of the template. */
export const latencies: readonly Figure[] = Object.entries(loads).map(([rate, load]) => ({
  name: `latency-${rate}`,
  title: `from put to sum, 99 of 100 messages, at ${Number(rate).toLocaleString('en-US')} a second`,
  reference: 'the longest that the configured windows and polls make a message wait',
  unit: 'ms',
  goal: { of: 'ratio', max: 1.2 },
  fullOnly: true,
  async measure() {
    const pipeline = await startObservedPipeline({
      MapBatchingWindowSeconds: String(WINDOW_SECONDS.map),
      ReduceBatchingWindowSeconds: String(WINDOW_SECONDS.reduce),
    });
    try {
      const { passages } = await pipeline.run(load);
      const details: LatencyDetails = {
        messagesPerSecond: Number(rate),
        samples: passages.length,
        whole: spreadOf(passages.map(wholeMs)),
        legs: spreadsOf(passages),
        floor,
      };
      return { pairs: inPieces(passages, PIECES).map(pairOf), details };
    } finally {
      await pipeline.stop();
    }
  },
}));

function pairOf(passages: readonly Passage[]): Pair {
  return {
    subject: spreadOf(passages.map(wholeMs)).p99Ms,
    reference: floor.windowsMs + floor.pollsMs,
  };
}

function spreadsOf(passages: readonly Passage[]): LatencyDetails['legs'] {
  const times = passages.map(legsOf);
  const of = (leg: Leg) => [leg, spreadOf(times.map((each) => each[leg]))] as const;
  return Object.fromEntries(legs.map(of)) as LatencyDetails['legs'];
}

function spreadOf(times: readonly number[]): LatencySpread {
  const meanMs = Math.round(times.reduce((sum, time) => sum + time, 0) / times.length);
  return { meanMs, medianMs: Math.round(quantile(times, 0.5)), p99Ms: Math.round(quantile(times, 0.99)) };
}
