import { setImmediate as flush } from 'node:timers/promises';
import {
  type ItemVersion,
  type RefusedRecord,
  type UpsertReport,
  upsertNewest,
  type VersionedTable,
} from '../../src/index.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** What the items of a history are made of. */
export const form = {
  key: { Id: 'S' },
  version: { name: 'Version', type: 'N' },
  attributes: ['Amount', 'Note'],
  tombstone: { attribute: 'Gone' },
} as const;

export type Version = ItemVersion<typeof form>;

export type Fault =
  | 'none'
  /** The request is lost. */
  | 'lost'
  /** It is done, but its reply is lost. */
  | 'reply-lost'
  /** The process gives it up, and it is done later. */
  | 'late'
  /** The process dies before it, after it, or while it is still on its way. */
  | 'crash-before'
  | 'crash-after'
  | 'crash-late'
  /** The mapping gives the invocation up and delivers its records again while the process still runs. */
  | 'abandoned';

/** What happens. */
export interface Plan {
  /** Per stream or queue, what its records bring, in order. */
  readonly sources: readonly (readonly Version[])[];
  /** A queue delivers only what failed again, and in any order. */
  readonly kind: 'streams' | 'queues';
  /** Whether the mapping takes partial responses. */
  readonly isPartial: boolean;
  /** Decides, one after the other, sizes of batches, whose request is next, and what happens to it; 0 when used up. */
  readonly choices: readonly number[];
  /** What may happen to a request, as often as it is in the list. */
  readonly faults: readonly Fault[];
}

/** What has happened. Records are named `source:index`. */
export interface History {
  /** Every record that was handed over, and why. */
  readonly refused: ReadonlyMap<string, string>;
  /** Every batch that an invocation has decided, with its report. */
  readonly reports: readonly { readonly names: readonly string[]; readonly report: UpsertReport }[];
}

interface StreamRecord {
  readonly kinesis: { readonly sequenceNumber: string };
  readonly version: Version;
}

interface Process {
  isDead: boolean;
  /** Tells the mapping which records failed; undefined where the invocation did. */
  end(failed: ReadonlySet<string> | undefined): void;
}

interface Request {
  readonly process: Process;
  readonly done: () => Promise<unknown>;
  readonly answer: (result: unknown) => void;
  readonly lose: () => void;
}

/** Runs mappings, one per source, and their processes side by side on one table until every record is done. */
export async function runHistory(plan: Plan, table: VersionedTable<Version>): Promise<History> {
  return new Simulation(plan, table).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #table: VersionedTable<Version>;
  readonly #refused = new Map<string, string>();
  readonly #reports: { names: string[]; report: UpsertReport }[] = [];
  readonly #pending: Request[] = [];
  #choice = 0;

  constructor(plan: Plan, table: VersionedTable<Version>) {
    this.#plan = plan;
    this.#table = table;
  }

  async run(): Promise<History> {
    let open = this.#plan.sources.length;
    const mappings = this.#plan.sources.map((versions, source) => {
      const records = versions.map((version, index) => ({
        kinesis: { sequenceNumber: `${source}:${index}` },
        version,
      }));
      return this.#deliver(records).finally(() => void open--);
    });
    for (let steps = 0; open > 0 || this.#pending.length > 0; steps++) {
      if (steps > 20_000) {
        throw new Error('The history does not end.');
      }
      await flush();
      await this.#step();
    }
    await Promise.all(mappings);
    return { refused: this.#refused, reports: this.#reports };
  }

  /** An event source mapping: what failed again, in batches of any size. */
  async #deliver(records: readonly StreamRecord[]): Promise<void> {
    const waiting = [...records];
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 1 + (this.#choose() % 5));
      const failed = await this.#invoke(batch);
      const isDone = ({ kinesis }: StreamRecord) => !(failed?.has(kinesis.sequenceNumber) ?? true);
      if (this.#plan.kind === 'streams') {
        const first = batch.findIndex((record) => !isDone(record));
        waiting.unshift(...(first === -1 ? [] : batch.slice(first)));
      } else {
        for (const record of batch.filter((one) => !isDone(one))) {
          waiting.splice(this.#choose() % (waiting.length + 1), 0, record);
        }
      }
    }
  }

  #invoke(batch: readonly StreamRecord[]): Promise<ReadonlySet<string> | undefined> {
    const names = batch.map(({ kinesis }) => kinesis.sequenceNumber);
    return new Promise((end, fail) => {
      const process: Process = { isDead: false, end };
      const handler = upsertNewest(
        {
          table: this.#tableOf(process),
          onRefused: (refused: RefusedRecord<StreamRecord>) => this.#handOver(process, refused),
          onUpserted: (report) => void this.#reports.push({ names, report }),
          reportBatchItemFailures: this.#plan.isPartial,
          clock: { ...createVirtualClock(), abortAfter: () => new AbortController().signal },
          requestsMax: 3,
        },
        (event: { Records: readonly StreamRecord[] }) => event.Records.map(({ version }) => version),
      );
      handler({ Records: batch }, { getRemainingTimeInMillis: () => 1_500 }).then(
        ({ batchItemFailures }) => end(new Set(batchItemFailures.map((failure) => failure.itemIdentifier))),
        (error: unknown) =>
          error instanceof Error && error.name === 'UpsertFailedError' ? end(undefined) : fail(error),
      );
    });
  }

  #tableOf(process: Process): VersionedTable<Version> {
    const { signal } = new AbortController();
    return {
      form: this.#table.form,
      // Small requests, so that small batches need several.
      writesMax: 2,
      write: (writes) =>
        this.#request(
          process,
          () => this.#table.write(writes, signal),
          (answer) => answer(writes.map(() => ({ code: 'unavailable', reason: 'fault' }))),
        ),
    };
  }

  #handOver(process: Process, { record, reason }: RefusedRecord<StreamRecord>): Promise<void> {
    return this.#request(
      process,
      async () => void this.#refused.set(record.kinesis.sequenceNumber, reason),
      (_answer, fail) => fail(new Error('fault')),
    );
  }

  #request<Result>(
    process: Process,
    done: () => Promise<Result>,
    lose: (answer: (result: Result) => void, fail: (error: Error) => void) => void,
  ): Promise<Result> {
    return new Promise((answer, fail) => {
      if (!process.isDead) {
        this.#pending.push({
          process,
          done,
          answer: answer as (result: unknown) => void,
          lose: () => lose(answer, fail),
        });
      }
    });
  }

  async #step(): Promise<void> {
    const choice = this.#choose();
    const [request] = this.#pending.splice(choice % Math.max(1, this.#pending.length), 1);
    if (request === undefined) {
      return;
    }
    const { process, done, answer, lose } = request;
    const { faults } = this.#plan;
    const fault = process.isDead ? 'none' : faults[Math.floor(choice / 16) % faults.length];
    const later = () => void this.#pending.push({ ...request, answer: () => {}, lose: () => {} });
    switch (fault) {
      case 'lost':
        return lose();
      case 'reply-lost':
        await done();
        return lose();
      case 'late':
        later();
        return lose();
      case 'crash-before':
      case 'crash-after':
      case 'crash-late':
        if (fault === 'crash-after') {
          await done();
        }
        if (fault === 'crash-late') {
          later();
        }
        process.isDead = true;
        return process.end(undefined);
      case 'abandoned':
        process.end(undefined);
    }
    const result = await done();
    if (!process.isDead) {
      answer(result);
    }
  }

  #choose(): number {
    return this.#plan.choices[this.#choice++] ?? 0;
  }
}
