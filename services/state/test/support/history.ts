import { setImmediate as flush } from 'node:timers/promises';
import { noRecounts } from '@oncefold/function-kit';
import type { Hierarchy } from '@oncefold/reducer';
import type { AccountingEntry } from '../../src/accounting-store.ts';
import { type BatchPorts, processBatch } from '../../src/process-batch.ts';
import type { VersionWrite } from '../../src/state-store.ts';
import { createMemoryAccountingStore } from './memory-accounting-store.ts';
import { REMAINING_MS, settings } from './memory-ports.ts';
import { createMemoryQuarantineStore } from './memory-quarantine-store.ts';
import { createMemoryStateStore } from './memory-state-store.ts';
import { kinesisRecord, sequenceNumberOf } from './stream.ts';
import { createVirtualClock } from './virtual-clock.ts';

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

export interface Plan {
  /** Per shard, the data of its records in order. */
  readonly shards: readonly (readonly (string | Uint8Array)[])[];
  /** Decides, one after the other, sizes of batches, whose request is next, and what happens to it; 0 when used up. */
  readonly choices: readonly number[];
  /** The dimensions that may be configured when a process starts: there are deployments meanwhile. */
  readonly hierarchies: readonly [Hierarchy, ...Hierarchy[]];
  /** What may happen to a request, as often as it is in the list. */
  readonly faults: readonly Fault[];
}

/** What the tables have really taken, in their order. */
export interface History {
  /** The dimensions that may have been configured. */
  readonly hierarchies: readonly Hierarchy[];
  readonly writes: readonly (VersionWrite & { readonly at: number })[];
  /** When part 0 of a record was first put, by the record's key. */
  readonly quarantined: ReadonlyMap<string, number>;
  readonly counts: readonly Count[];
}

/** What was counted, and when; `startedAt` and `hierarchy` are those of the process that has counted. */
export interface Count extends AccountingEntry {
  readonly startedAt: number;
  readonly hierarchy: Hierarchy;
  readonly at: number;
}

interface Process {
  readonly startedAt: number;
  readonly hierarchy: Hierarchy;
  isDead: boolean;
  /** Tells the mapping how many records are done; undefined where the invocation failed. */
  end(done: number | undefined): void;
}

interface Request {
  readonly process: Process;
  readonly done: () => Promise<unknown>;
  readonly answer: (result: unknown) => void;
  readonly unavailable: unknown;
}

/** Runs mappings, one per shard, and their processes side by side until all records are delivered. */
export async function runHistory(plan: Plan): Promise<History> {
  return new Simulation(plan).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #pending: Request[] = [];
  readonly #writes: (VersionWrite & { at: number })[] = [];
  readonly #quarantined = new Map<string, number>();
  readonly #counts: Count[] = [];
  readonly #state = createMemoryStateStore({
    writesMax: 2,
    onWritten: (write) => void this.#writes.push({ ...write, at: this.#now }),
  });
  readonly #quarantine = createMemoryQuarantineStore();
  readonly #accounting = createMemoryAccountingStore();
  #choice = 0;
  #now = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async run(): Promise<History> {
    let open = this.#plan.shards.length;
    const mappings = this.#plan.shards.map((_data, shard) => this.#deliver(shard).finally(() => void open--));
    for (let steps = 0; open > 0 || this.#pending.length > 0; steps++) {
      if (steps > 20_000) {
        throw new Error('The history does not end.');
      }
      await flush();
      await this.#step();
    }
    await Promise.all(mappings);
    const { hierarchies } = this.#plan;
    return { hierarchies, writes: this.#writes, quarantined: this.#quarantined, counts: this.#counts };
  }

  /** An event source mapping of one shard: the same records again after a failure, in batches of any size. */
  async #deliver(shard: number): Promise<void> {
    const data = this.#plan.shards[shard] ?? [];
    for (let next = 0; next < data.length; ) {
      const end = Math.min(data.length, next + 1 + (this.#choose() % 4));
      next += (await this.#invoke(shard, next, data.slice(next, end))) ?? 0;
    }
  }

  #invoke(shard: number, start: number, data: readonly (string | Uint8Array)[]): Promise<number | undefined> {
    return new Promise((end, fail) => {
      const process: Process = { startedAt: this.#now, hierarchy: this.#configured(), isDead: false, end };
      const { hierarchy } = process;
      const event = { Records: data.map((bytes, offset) => kinesisRecord(bytes, start + offset, shard)) };
      processBatch(event, REMAINING_MS, this.#portsOf(process), { ...settings, hierarchy }).then(
        ({ response }) => {
          const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
          const first = data.findIndex((_bytes, offset) => failed.has(sequenceNumberOf(start + offset)));
          end(first === -1 ? data.length : first);
        },
        (error: unknown) =>
          error instanceof Error && error.name === 'AccountingError' ? end(undefined) : fail(error),
      );
    });
  }

  #portsOf(process: Process): BatchPorts {
    const { startedAt, hierarchy } = process;
    const unavailable = { code: 'unavailable', reason: 'fault' } as const;
    const { signal } = new AbortController();
    const all = (list: readonly unknown[]) => list.map(() => unavailable);
    return {
      clock: createVirtualClock(),
      readRecounts: async () => noRecounts,
      state: {
        writesMax: this.#state.writesMax,
        write: (writes) => this.#request(process, () => this.#state.write(writes, signal), all(writes)),
        keysMax: this.#state.keysMax,
        find: (ids) => this.#request(process, () => this.#state.find(ids, signal), all(ids)),
      },
      quarantine: {
        itemsMax: this.#quarantine.itemsMax,
        keysMax: this.#quarantine.keysMax,
        put: (items) => {
          const done = () => {
            for (const { key } of items) {
              const isNew = key.Part.N === '0' && !this.#quarantined.has(key.Source.S);
              if (isNew) {
                this.#quarantined.set(key.Source.S, this.#now);
              }
            }
            return this.#quarantine.put(items, signal);
          };
          return this.#request(process, done, all(items));
        },
        find: (keys) => this.#request(process, () => this.#quarantine.find(keys, signal), all(keys)),
      },
      accounting: {
        advance: (entry) => {
          const done = async () => {
            const result = await this.#accounting.advance(entry, signal);
            if (result.code === 'advanced') {
              this.#counts.push({ ...entry, startedAt, hierarchy, at: this.#now });
            }
            return result;
          };
          return this.#request(process, done, unavailable);
        },
      },
    };
  }

  #request<Result>(process: Process, done: () => Promise<Result>, unavailable: unknown): Promise<Result> {
    return new Promise((answer) => {
      if (process.isDead) {
        return;
      }
      this.#pending.push({ process, done, answer: answer as (result: unknown) => void, unavailable });
    });
  }

  async #step(): Promise<void> {
    const choice = this.#choose();
    const [request] = this.#pending.splice(choice % Math.max(1, this.#pending.length), 1);
    if (request === undefined) {
      return;
    }
    this.#now += 1;
    const { process, done, answer, unavailable } = request;
    const { faults } = this.#plan;
    const fault = process.isDead ? 'none' : faults[Math.floor(choice / 16) % faults.length];
    const later = () => void this.#pending.push({ ...request, answer: () => undefined });
    switch (fault) {
      case 'lost':
        return answer(unavailable);
      case 'reply-lost':
        await done();
        return answer(unavailable);
      case 'late':
        later();
        return answer(unavailable);
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

  #configured(): Hierarchy {
    const [first, ...others] = this.#plan.hierarchies;
    if (others.length === 0) {
      return first;
    }
    return [first, ...others][this.#choose() % (others.length + 1)] ?? first;
  }

  #choose(): number {
    return this.#plan.choices[this.#choice++] ?? 0;
  }
}
