import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CommitUndecidedError, type Item, type ItemReader } from '@oncefold/commit';
import { createRecountReader, type ReadRecounts, RedriveRefusedError } from '@oncefold/function-kit';
import {
  changeRecord,
  commandRequest,
  createStore,
  type Draw,
  type FunctionDefinition,
  type FunctionEnvironment,
  type ItemChange,
  type SimulatedHandler,
  type SimulatedStore,
  transactionRequest,
} from '@oncefold/simulator';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { mapFunction, type PipelineParts, RECOUNT_TABLE, reduceFunction } from '../../../src/functions.ts';

export const SECOND_MS: number = 1_000;
export const MINUTE_MS: number = 60 * SECOND_MS;
export const HOUR_MS: number = 60 * MINUTE_MS;

/** Longest delay of a row that a rebuild waits for: with more it would give up. */
const REBUILD_DELAY_MS_MAX = 5 * MINUTE_MS;
/** Shorter than a stream keeps a record. */
const ROW_DELAYS_MS = [
  2 * SECOND_MS,
  5 * MINUTE_MS,
  40 * MINUTE_MS,
  70 * MINUTE_MS,
  3 * HOUR_MS,
  20 * HOUR_MS,
];
const CHANGE_DELAYS_MS = [0, 0, SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS];
const RECORDS_MAX = 4;

const TABLES = [
  { name: 'StateTable', key: ['id'], stream: 'NEW_AND_OLD_IMAGES' },
  { name: 'ReduceTable', key: ['MessageId'], stream: 'NEW_IMAGE' },
  { name: 'AggregateTable', key: ['Identifier'] },
  { name: 'LedgerTable', key: ['Marker'] },
  { name: 'PositionTable', key: ['Position'] },
  { name: 'QuarantineTable', key: ['Source', 'Part'] },
  { name: RECOUNT_TABLE, key: ['Identifier'] },
] as const;

type Stage = 'map' | 'reduce';

/** A batch that a mapping has given up. */
export interface FailedBatch {
  readonly stage: Stage;
  readonly records: DynamoDBRecord[];
}

/** What happens while a commit is on its way. */
export interface Meanwhile {
  /** Commits of the same invocation before that one. */
  readonly commits: number;
  readonly run: () => Promise<void>;
}

/** What is planted in the functions. */
export type DelayedParts = Readonly<Partial<Record<Stage, PipelineParts>>>;

function streamArn(table: string): string {
  return `arn:aws:dynamodb:us-east-1:123456789012:table/${table}/stream/2026-01-01T00:00:00.000`;
}

/** Map and reduce under `ledger`, as they are deployed, on a clock that {@link advance} moves; between their streams and them hours may pass. */
export class DelayedPipeline {
  readonly store: SimulatedStore;
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly readRecounts: ReadRecounts;
  readonly failedBatches: FailedBatch[] = [];
  readonly #draw: Draw;
  readonly #handlers: Readonly<Record<Stage, SimulatedHandler>>;
  readonly #changes: DynamoDBRecord[] = [];
  readonly #rows: { readonly dueMs: number; readonly record: DynamoDBRecord; readonly isGivenUp: boolean }[] =
    [];
  #nowMs = Date.UTC(2026, 0, 1);
  #mapFromMs = 0;
  #changesDueMs = 0;
  #sequenceNumber = 0;
  #isCalm = false;
  /** Others do not act within the invocation of a function. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #meanwhile: Meanwhile | undefined;

  constructor(draw: Draw, parts: DelayedParts) {
    this.#draw = draw;
    this.store = createStore({
      tables: TABLES,
      now: () => this.#nowMs,
      onChange: (change) => this.#queue(change),
    });
    const send = async (command: unknown): Promise<unknown> =>
      commandRequest(this.store, command).begin().finish();
    this.client = { send: send as DynamoDBClient['send'] };
    this.readRecounts = createRecountReader(this.client, { table: RECOUNT_TABLE });
    const options = { strategy: 'ledger', concurrencyMax: 1 } as const;
    this.#handlers = {
      map: this.#start(mapFunction(options, parts.map)),
      reduce: this.#start(reduceFunction(options, parts.reduce)),
    };
  }

  now(): number {
    return this.#nowMs;
  }

  /** Lets time pass, and delivers what is due meanwhile, each at its time. */
  async advance(milliseconds: number): Promise<void> {
    const untilMs = this.#nowMs + milliseconds;
    for (;;) {
      this.#rows.sort((a, b) => a.dueMs - b.dueMs);
      const rowsDueMs = this.#rows[0]?.dueMs ?? Number.POSITIVE_INFINITY;
      const changesDueMs = this.#changes.length === 0 ? Number.POSITIVE_INFINITY : this.#changesDueMs;
      const dueMs = Math.min(rowsDueMs, Math.max(changesDueMs, this.#mapFromMs));
      if (dueMs > untilMs) {
        break;
      }
      this.#nowMs = Math.max(this.#nowMs, dueMs);
      await (rowsDueMs <= this.#nowMs ? this.#deliverRow() : this.#deliverChanges());
    }
    this.#nowMs = untilMs;
  }

  /** Disables the mapping of map for some time. */
  pauseMap(milliseconds: number): void {
    this.#mapFromMs = this.#nowMs + milliseconds;
  }

  /** From now on nothing is late or given up. */
  calm(): void {
    this.#isCalm = true;
    this.#mapFromMs = 0;
  }

  /**
   * Hands a batch in again; false where that is refused.
   *
   * @param meanwhile - what others do while one of its commits is on its way
   */
  async redrive({ stage, records }: FailedBatch, meanwhile?: Meanwhile): Promise<boolean> {
    this.#meanwhile = meanwhile;
    try {
      await this.#invoke(stage, { Records: records, redrive: { version: 1, shardId: 'shard-0' } });
      return true;
    } catch (error) {
      // While others act its time may be over.
      if (error instanceof RedriveRefusedError || error instanceof CommitUndecidedError) {
        return false;
      }
      throw error;
    } finally {
      this.#meanwhile = undefined;
    }
  }

  /** Delivers a batch again by a new mapping, which knows nothing of its having been given up. */
  async deliverAgain({ stage, records }: FailedBatch): Promise<void> {
    await this.#invoke(stage, { Records: records });
  }

  #queue(change: ItemChange): void {
    const { table, oldImage } = change;
    if (table.name !== 'StateTable' && (table.name !== 'ReduceTable' || oldImage !== undefined)) {
      return;
    }
    this.#sequenceNumber += 1;
    const record = {
      ...changeRecord(change, this.#nowMs).create(String(this.#sequenceNumber)),
      eventSourceARN: streamArn(table.name),
    } as DynamoDBRecord;
    if (table.name === 'ReduceTable') {
      this.#queueRow(record);
      return;
    }
    if (this.#changes.length === 0) {
      this.#changesDueMs = this.#nowMs + this.#draw.pick(CHANGE_DELAYS_MS);
    }
    this.#changes.push(record);
  }

  #queueRow(record: DynamoDBRecord): void {
    const isOfRebuild = record.dynamodb?.NewImage?.['Recount'] !== undefined;
    const delayMs = this.#isCalm || this.#draw.chance(0.85) ? 0 : this.#draw.pick(ROW_DELAYS_MS);
    const dueMs = this.#nowMs + (isOfRebuild ? Math.min(delayMs, REBUILD_DELAY_MS_MAX) : delayMs);
    this.#rows.push({
      dueMs,
      record,
      isGivenUp: !this.#isCalm && !isOfRebuild && this.#draw.chance(0.15),
    });
  }

  async #deliverChanges(): Promise<void> {
    const records = this.#changes.splice(0, this.#draw.integer(1, RECORDS_MAX));
    if (!this.#isCalm && !records.some(isOfRebuild) && this.#draw.chance(0.12)) {
      this.failedBatches.push({ stage: 'map', records });
    } else {
      await this.#invoke('map', { Records: records });
    }
  }

  async #deliverRow(): Promise<void> {
    const row = this.#rows.shift();
    if (row?.isGivenUp === true) {
      this.failedBatches.push({ stage: 'reduce', records: [row.record] });
    } else if (row !== undefined) {
      await this.#invoke('reduce', { Records: [row.record] });
    }
  }

  async #invoke(
    stage: Stage,
    event: Pick<DynamoDBStreamEvent, 'Records'> & { readonly redrive?: object },
  ): Promise<void> {
    const answer: unknown = await this.#handlers[stage](event as never, {
      awsRequestId: 'request',
      functionName: stage,
      getRemainingTimeInMillis: () => MINUTE_MS,
    });
    const { batchItemFailures = [] } = answer as { readonly batchItemFailures?: readonly unknown[] };
    if (batchItemFailures.length > 0) {
      throw new Error(`invariant: ${stage} fails without a fault`);
    }
  }

  async #waitOnTheWay(): Promise<void> {
    const meanwhile = this.#meanwhile;
    if (meanwhile !== undefined && meanwhile.commits > 0) {
      this.#meanwhile = { ...meanwhile, commits: meanwhile.commits - 1 };
      return;
    }
    this.#meanwhile = undefined;
    await this.#outside(async () => await meanwhile?.run());
  }

  #start({ create }: FunctionDefinition): SimulatedHandler {
    const { store, client } = this;
    const reader: ItemReader = {
      read: async (keys) => keys.map(({ table, key }) => store.get(table, key) as Item | undefined),
    };
    const environment: FunctionEnvironment = {
      clock: {
        now: () => this.#nowMs,
        random: () => 0.5,
        sleep: async () => {},
        abortAfter: () => new AbortController().signal,
      },
      transactions: {
        transact: async (request) => {
          await this.#waitOnTheWay();
          return transactionRequest(store, request).begin().finish();
        },
      },
      reader,
      createClient: () => client as ReturnType<FunctionEnvironment['createClient']>,
      newName: () => 'name',
      version: 0,
      report: () => {},
    };
    return create(environment);
  }
}

/** Without its marks a rebuild would give up. */
function isOfRebuild({ dynamodb }: DynamoDBRecord): boolean {
  return dynamodb?.NewImage?.['RecountWave'] !== undefined;
}
