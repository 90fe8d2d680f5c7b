import type { InjectedFault, InvocationIdentity, RuntimeEvent } from '@oncefold/local-runtime';
import {
  advanceStage,
  type BatchSource,
  createStageProgress,
  type StageProgress,
} from '../../pipeline/stage-progress.ts';
import { type BatchReport, readBatchReport } from './batch-report.ts';
import { SlidingCount } from './sliding-count.ts';

/** Batches that are kept, the newest first. */
export const BATCHES_MAX = 50;
/** How a batch ended of which the function reported some records as failed. */
export const FAILED_IN_PART = 'failed in part';
/** Reports that may wait for the end of their invocation. */
const REPORTS_MAX = 500;

/** Whether somebody asked for a failure, or not. */
interface ByCause {
  /** By `InducedFailure`, or while a fault was being injected. */
  readonly induced: number;
  readonly other: number;
}

/** One batch as an invocation left it. */
export interface LiveBatch extends InvocationIdentity {
  readonly endedAt: number;
  readonly durationMs: number;
  readonly itemFailures: number;
  /** Name of the error with which the invocation failed; absent when it succeeded. */
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** Faults that were injected while it ran. */
  readonly faults: readonly string[];
  /** What the function says about it, where it does. */
  readonly report?: BatchReport;
}

/** How the last invocation of a shard failed. */
export interface StageFailure {
  /** The error's name, or `FAILED_IN_PART`. */
  readonly outcome: string;
  readonly isInduced: boolean;
  /** Records of the shard were given up since: it goes on without them. */
  readonly isGivenUp: boolean;
}

/** One function at one moment. */
export interface LiveStage extends StageProgress {
  readonly failed: ByCause;
  /** Invocations with what had been delivered before, by the reason for it. */
  readonly redelivered: ByCause;
  /** Records that were given up. */
  readonly givenUp: number;
  readonly batchesInFlight: number;
  readonly recordsInFlight: number;
  readonly recordsPerSecond: number;
  /** Records in each of the last 60 seconds. */
  readonly history: readonly number[];
  /** The worst of the shards that have not succeeded since their last invocation failed. */
  readonly failing: StageFailure | undefined;
}

interface StageBook {
  progress: StageProgress;
  readonly failed: { induced: number; other: number };
  readonly redelivered: { induced: number; other: number };
  givenUp: number;
  readonly rate: SlidingCount;
}

/** Faults that deliver what has succeeded once more. */
const redeliveringFaults: readonly string[] = ['redeliver', 'regroup', 'late-retry'];

/**
 * Keeps what the page shows of a running application, from its events alone.
 *
 * It holds a fixed amount, however long the application runs: counts, a minute of rates, and the last batches.
 */
export class LiveBoard {
  readonly #books = new Map<string, StageBook>();
  readonly #running = new Map<string, InvocationIdentity & { readonly faults: string[] }>();
  /** Shards whose last invocation failed. */
  readonly #failing = new Map<string, { readonly functionId: string; readonly failure: StageFailure }>();
  readonly #mappings = new Map<string, string>();
  readonly #reports = new Map<string, BatchReport>();
  readonly #faults = new Map<string, number>();
  #sources: ReadonlyMap<string, BatchSource> = new Map();
  #batches: LiveBatch[] = [];
  #activity = 0;

  /**
   * @param functionIds - in the order in which they are shown
   * @param sources - by the ids of the mappings that read them; others are streams
   */
  begin(functionIds: readonly string[], sources: ReadonlyMap<string, BatchSource> = new Map()): void {
    this.#sources = sources;
    for (const functionId of functionIds) {
      this.#books.set(functionId, {
        progress: createStageProgress(functionId),
        failed: { induced: 0, other: 0 },
        redelivered: { induced: 0, other: 0 },
        givenUp: 0,
        rate: new SlidingCount(),
      });
    }
  }

  /**
   * Goes up whenever an invocation with records begins or ends: where it stays, no function has changed a sum. The last
   * invocation of a tumbling window has none.
   */
  get activity(): number {
    return this.#activity;
  }

  get faults(): ReadonlyMap<string, number> {
    return this.#faults;
  }

  /** The newest first. */
  get batches(): readonly LiveBatch[] {
    return this.#batches;
  }

  /** Takes one event of the running application. */
  note(event: RuntimeEvent): void {
    switch (event.type) {
      case 'invocation-started':
        this.#start(event);
        break;
      case 'invocation-succeeded':
      case 'invocation-failed':
        this.#end(event);
        break;
      case 'fault-injected':
        this.#fault(event);
        break;
      case 'records-discarded':
        this.#giveUp(event);
        break;
      case 'log':
        this.#report(readBatchReport(event.line));
        break;
      default:
    }
  }

  stages(nowMs: number): readonly LiveStage[] {
    return [...this.#books].map(([functionId, { progress, rate, failed, redelivered, givenUp }]) => {
      const inFlight = [...this.#running.values()].filter((each) => each.functionId === functionId);
      return {
        ...progress,
        failed: { ...failed },
        redelivered: { ...redelivered },
        givenUp,
        batchesInFlight: inFlight.length,
        recordsInFlight: inFlight.reduce((sum, { records }) => sum + records, 0),
        recordsPerSecond: rate.perSecond(nowMs),
        history: rate.series(nowMs),
        failing: this.#worstFailure(functionId),
      };
    });
  }

  #start(event: InvocationIdentity & RuntimeEvent): void {
    const { functionId, requestId, mappingId, shardId, records, attempt } = event;
    this.#activity += records > 0 ? 1 : 0;
    this.#mappings.set(mappingId, functionId);
    this.#running.set(requestId, { functionId, requestId, mappingId, shardId, records, attempt, faults: [] });
    const book = this.#books.get(functionId);
    const failure = this.#failing.get(shardOf(event))?.failure;
    if (book !== undefined) {
      book.progress = advanceStage(book.progress, event);
      if (failure !== undefined) {
        book.redelivered[failure.isInduced ? 'induced' : 'other'] += 1;
      }
    }
  }

  #end(event: Extract<RuntimeEvent, { type: 'invocation-succeeded' | 'invocation-failed' }>): void {
    const { functionId, requestId, mappingId, shardId, records, attempt, at, durationMs } = event;
    const faults = this.#running.get(requestId)?.faults ?? [];
    this.#activity += records > 0 ? 1 : 0;
    this.#running.delete(requestId);
    const itemFailures = event.type === 'invocation-succeeded' ? event.itemFailures : 0;
    const errorType = event.type === 'invocation-failed' ? event.errorType : undefined;
    const book = this.#books.get(functionId);
    if (book !== undefined) {
      const before = book.progress;
      book.progress = advanceStage(before, event, this.#sources.get(mappingId));
      book.rate.add(at, book.progress.records - before.records);
      const isInduced = book.progress.inducedFailures > before.inducedFailures || faults.length > 0;
      // What a function reports as failed is redelivered, too.
      const outcome = errorType ?? (itemFailures > 0 ? FAILED_IN_PART : undefined);
      if (outcome === undefined) {
        this.#failing.delete(shardOf(event));
      } else {
        book.failed[isInduced ? 'induced' : 'other'] += 1;
        const failure = { outcome, isInduced, isGivenUp: false };
        this.#failing.set(shardOf(event), { functionId, failure });
      }
    }
    const report = this.#reports.get(requestId);
    this.#reports.delete(requestId);
    const batch: LiveBatch = {
      ...{ functionId, requestId, mappingId, shardId, records, attempt, durationMs, itemFailures, faults },
      endedAt: at,
      ...(event.type === 'invocation-failed' && {
        errorType: event.errorType,
        errorMessage: event.errorMessage,
      }),
      ...(report !== undefined && { report }),
    };
    this.#batches = [batch, ...this.#batches.slice(0, BATCHES_MAX - 1)];
  }

  #worstFailure(functionId: string): StageFailure | undefined {
    const failures = [...this.#failing.values()]
      .filter((each) => each.functionId === functionId)
      .map(({ failure }) => failure);
    const open = failures.filter(({ isGivenUp }) => !isGivenUp);
    return open.find(({ isInduced }) => !isInduced) ?? open[0] ?? failures[0];
  }

  #giveUp(event: Extract<RuntimeEvent, { type: 'records-discarded' }>): void {
    const book = this.#books.get(this.#mappings.get(event.mappingId) ?? '');
    if (book !== undefined) {
      book.givenUp += event.records;
    }
    const shard = shardOf(event);
    const failing = this.#failing.get(shard);
    if (failing !== undefined) {
      this.#failing.set(shard, { ...failing, failure: { ...failing.failure, isGivenUp: true } });
    }
  }

  #fault({ kind, functionId, mappingId, batch }: InjectedFault): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    if (redeliveringFaults.includes(kind)) {
      const book = this.#books.get(functionId);
      if (book !== undefined) {
        book.redelivered.induced += 1;
      }
    }
    for (const running of this.#running.values()) {
      if (running.mappingId === mappingId && running.shardId === batch.shardId) {
        running.faults.push(kind);
      }
    }
  }

  /** The log comes over another way than the answer: whichever is first waits for the other. */
  #report(report: BatchReport | undefined): void {
    if (report === undefined) {
      return;
    }
    const place = this.#batches.findIndex(({ requestId }) => requestId === report.requestId);
    const batch = this.#batches[place];
    if (batch !== undefined) {
      this.#batches[place] = { ...batch, report };
      return;
    }
    this.#reports.set(report.requestId, report);
    const [oldest] = this.#reports.keys();
    if (this.#reports.size > REPORTS_MAX && oldest !== undefined) {
      this.#reports.delete(oldest);
    }
  }
}

function shardOf({ mappingId, shardId }: Pick<InvocationIdentity, 'mappingId' | 'shardId'>): string {
  return `${mappingId} ${shardId}`;
}
