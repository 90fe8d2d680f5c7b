import {
  type CommitRecord,
  commitBatch,
  incrementEach,
  type Strategy,
  type TransactionOutcome,
  type TransactionPort,
} from '@oncefold/commit';
import { parseDecimal } from '@oncefold/reducer';
import { checkCommits } from '../checker/check-commits.ts';
import { leafKey, PARENT_KEY } from '../commit-stage/commit-load.ts';
import type { StrategyEnvironment } from '../commit-stage/commit-stage.ts';
import { stackTables } from '../commit-stage/stage-tables.ts';
import type { EventBody, HistoryEvent, Violation } from '../history/history.ts';
import { observeTables } from '../history/observe-tables.ts';
import { createStore, type SimulatedStore } from '../store/create-store.ts';
import { commandRequest } from '../store/dynamodb-client.ts';
import { readRequest } from '../store/reads.ts';
import type { ItemChange, StoreRequest, TableDefinition } from '../store/store.ts';
import { transactionRequest } from '../store/transactions.ts';
import { changeRecord } from '../streams/change-record.ts';
import { type RecordRange, type SmallWorld, WORLD_RECORDS } from './small-world.ts';
import { loneFaults, pairedFaults, type WorldFault } from './world-faults.ts';

/** When a world begins: 2026-01-01T00:00:00Z. */
const START_MS = 1_767_225_600_000;
/** Longer than the window of a token. */
const PAUSE_MS = 11 * 60 * 1000;
/** Each invocation has more time than it needs, since time stands still within it; a lock that it leaves ends before a pause does. */
const REMAINING_MS = 60_000;
/** Deliveries of all records, each but the first past the locks of those before: then what fails is stuck. */
const DELIVERIES_MAX = 3;

/** What happens next: a process's request reaches the store, with a fault or without; a late one does; or all is delivered anew. */
export type Decision =
  | { readonly type: 'send'; readonly process: 0 | 1; readonly fault: WorldFault | undefined }
  | { readonly type: 'land'; readonly late: number }
  | { readonly type: 'deliver-all' };

/** Where a run is. */
export type RunState =
  /** Promises have to run. */
  | { readonly code: 'turn' }
  | { readonly code: 'decide'; readonly decisions: readonly Decision[] }
  | { readonly code: 'ended'; readonly violations: readonly Violation[] };

/** Who is under test in a small world. */
export interface WorldSubject {
  /** Makes the strategy of one process. */
  readonly strategy: (environment: StrategyEnvironment) => Strategy;
  /** Tables of the strategy's own, beside `Positions` and `Ledger`. */
  readonly tables?: readonly TableDefinition[] | undefined;
}

/** One history of a small world, decision by decision. */
export interface WorldRun {
  advance(): RunState;
  decide(decision: Decision): void;
  /** Two runs of one world with one key have the same futures. */
  key(): string;
}

/** Begins a history; `record` is told of everything that happens, for a timeline. */
export function beginWorldRun(
  world: SmallWorld,
  subject: WorldSubject,
  options: { readonly faultsMax: number; readonly record?: (event: EventBody) => void },
): WorldRun {
  return new SmallWorldRun(world, subject, options);
}

/** A request of a process, on its way. */
interface SentRequest {
  /** Counted over all processes, for people. */
  readonly number: number;
  /** All that it says. */
  readonly said: unknown;
  readonly create: () => StoreRequest<unknown>;
}

/** A request that waits for what is decided about it. */
interface Waiting extends SentRequest {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Process {
  readonly name: string;
  readonly strategy: Strategy;
  readonly port: TransactionPort;
  status: 'idle' | 'running' | 'succeeded' | 'failed' | 'crashed';
  waiting: Waiting | undefined;
  transcript: string;
}

const TURN: RunState = { code: 'turn' };
const DELIVER_ALL: Decision = { type: 'deliver-all' };
const TABLES: readonly TableDefinition[] = [
  { name: 'Aggregates', key: ['Identifier'] },
  { name: 'Ledger', key: ['Marker'], timeToLive: 'ExpiresAt' },
  { name: 'Positions', key: ['Position'] },
];

/** Record n adds 10^n to a leaf of its own and to the sum of all leaves. */
const records: readonly CommitRecord[] = Array.from({ length: WORLD_RECORDS }, (_, power) => ({
  id: `r${power}`,
  sequenceNumber: String(96 + power),
  time: START_MS / 1000,
  contribution: new Map(
    [leafKey(power), PARENT_KEY].map((key) => [key, parseDecimal(`1${'0'.repeat(power)}`)]),
  ),
}));
const truth = records.map(({ id }, power) => ({ id, power, leaves: [power] }));

class SmallWorldRun implements WorldRun {
  readonly #world: SmallWorld;
  readonly #store: SimulatedStore;
  readonly #tables: readonly string[];
  readonly #processes: readonly [Process, Process, Process];
  readonly #record: ((event: EventBody) => void) | undefined;
  #late: SentRequest[] = [];
  #requests = 0;
  #phase: 'before' | 'deliveries' | 'all' | 'after' = 'before';
  #now = START_MS;
  #faultsLeft: number;
  #faults = 0;
  #deliveries = 0;
  #isPrepared = false;
  /** Something was decided, and what waited for it has not run yet. */
  #isResumed = false;

  constructor(
    world: SmallWorld,
    subject: WorldSubject,
    { faultsMax, record }: { readonly faultsMax: number; readonly record?: (event: EventBody) => void },
  ) {
    this.#world = world;
    this.#faultsLeft = faultsMax;
    this.#record = record;
    const tables = [...TABLES, ...(subject.tables ?? [])];
    this.#tables = tables.map(({ name }) => name);
    const now = (): number => this.#now;
    this.#store = createStore({ tables, now, ...(record && { onChange: recordChange(record, now) }) });
    const create = (name: string): Process => this.#createProcess(name, subject);
    this.#processes = [create('process 1'), create('process 2'), create('process 3')];
    for (const { id, sequenceNumber = '' } of records) {
      record?.({ type: 'record-put', stream: 'stream', shard: 'shard', sequenceNumber, label: id });
    }
    void this.#commitBefore();
  }

  advance(): RunState {
    if (this.#isResumed) {
      this.#isResumed = false;
      return TURN;
    }
    switch (this.#phase) {
      case 'before':
        if (this.#isPrepared) {
          this.#phase = 'deliveries';
          this.#deliver(0, this.#world.ranges[0]);
          if (this.#world.order === 'at once') {
            this.#deliver(1, this.#world.ranges[1]);
          }
        }
        return TURN;
      case 'deliveries':
        if (this.#isSecondDue()) {
          this.#now += this.#pauseMs();
          this.#deliver(1, this.#world.ranges[1]);
          return TURN;
        }
        return { code: 'decide', decisions: this.#decisions() };
      case 'all':
        if (this.#processes[2].status === 'running') {
          return TURN;
        }
        if (this.#processes[2].status === 'failed' && this.#deliveries < DELIVERIES_MAX) {
          this.#deliverAll(PAUSE_MS);
          return TURN;
        }
        this.#phase = 'after';
        return this.advance();
      case 'after':
        return this.#late.length === 0 ? this.#end() : { code: 'decide', decisions: this.#landings() };
    }
  }

  decide(decision: Decision): void {
    this.#isResumed = true;
    switch (decision.type) {
      case 'send':
        this.#send(this.#processes[decision.process], decision.fault);
        break;
      case 'land': {
        const [late] = this.#late.splice(decision.late, 1);
        if (late !== undefined) {
          this.#land(late);
        }
        break;
      }
      case 'deliver-all':
        this.#phase = 'all';
        this.#deliverAll(this.#pauseMs());
    }
  }

  /**
   * The items, the tokens, the late requests, and of each process that runs what it has been answered: it does what follows from
   * that and from what it was given, since nothing in it depends on time or chance. One that has ended does nothing any more.
   */
  key(): string {
    const [first, second] = this.#processes;
    const isOver = first.status !== 'running' && second.status !== 'running';
    const faults = isOver ? '' : `${this.#faultsLeft} ${this.#faults > 0}`;
    const parts = [`${this.#phase} ${this.#now} ${faults}`];
    for (const { status, transcript } of [first, second]) {
      parts.push(status === 'running' ? transcript : status === 'idle' ? status : 'ended');
    }
    for (const { said } of this.#late) {
      parts.push(JSON.stringify(said));
    }
    for (const table of this.#tables) {
      const items = this.#store.snapshot(table).map((item) => JSON.stringify(item));
      parts.push(...items.sort());
    }
    for (const [token, { completedAtMs }] of this.#store.tokens) {
      // Those that the SDK makes are never seen again.
      if (typeof token === 'string') {
        parts.push(`${token} ${completedAtMs}`);
      }
    }
    return parts.join('\n');
  }

  #createProcess(name: string, { strategy }: WorldSubject): Process {
    const send = <Answer>(said: unknown, create: () => StoreRequest<Answer>): Promise<Answer> =>
      this.#receive(process, said, create);
    let names = 0;
    const environment: StrategyEnvironment = {
      clock: {
        now: () => this.#now,
        random: () => 0,
        sleep: async () => {},
        // Time stands still: nothing is ever aborted.
        abortAfter: () => new AbortController().signal,
      },
      transactions: {
        transact: (request) => send(request, () => transactionRequest(this.#store, request)),
      },
      reader: { read: (keys) => send(keys, () => readRequest(this.#store, keys)) },
      createClient: () => ({
        send: (command) => send(inputOf(command), () => commandRequest(this.#store, command)),
      }),
      newName: () => {
        names += 1;
        return `${name}, ${names}`;
      },
      version: 0,
      report: () => {},
      namespace: 'shop',
      consumer: 'totals',
      parallelizationFactor: 1,
    };
    const process: Process = {
      name,
      strategy: strategy(environment),
      port: environment.transactions,
      status: 'idle',
      waiting: undefined,
      transcript: '',
    };
    return process;
  }

  async #commitBefore(): Promise<void> {
    for (const [index, range] of this.#world.before.entries()) {
      if (range !== undefined) {
        await this.#commit(this.#processes[index] as Process, range);
      }
    }
    this.#isPrepared = true;
  }

  /** The second delivery begins when it is its turn; at once it has begun already. */
  #isSecondDue(): boolean {
    const [first, second] = this.#processes;
    const isOver = first.status !== 'running';
    return (
      second.status === 'idle' &&
      isOver &&
      (first.status === 'succeeded' || this.#world.order === 'past the window')
    );
  }

  #pauseMs(): number {
    return this.#world.order === 'past the window' ? PAUSE_MS : 0;
  }

  #deliverAll(afterMs: number): void {
    this.#deliveries += 1;
    this.#now += afterMs;
    this.#deliver(2, [0, WORLD_RECORDS]);
  }

  #deliver(index: 0 | 1 | 2, range: RecordRange): void {
    const process = this.#processes[index];
    process.status = 'running';
    this.#record?.({
      type: 'invocation-started',
      invocation: index + 1,
      function: 'totals',
      sandbox: process.name,
      isCold: index === 2 || this.#world.before[index] === undefined,
      poller: 'poller',
      shard: 'shard',
      records: records.slice(...range).map(({ id }) => id),
      attempt: 1,
      isRedelivery: index === 2,
    });
    this.#commit(process, range).then(
      () => this.#endInvocation(process, 'succeeded', ''),
      (error: unknown) => this.#endInvocation(process, 'failed', String(error)),
    );
  }

  #endInvocation(process: Process, result: 'succeeded' | 'failed' | 'crashed', error: string): void {
    process.status = result;
    this.#record?.({
      type: 'invocation-ended',
      invocation: this.#processes.indexOf(process) + 1,
      sandbox: process.name,
      result,
      error,
    });
  }

  async #commit({ strategy, port }: Process, [from, to]: RecordRange): Promise<void> {
    await commitBatch(
      { records: records.slice(from, to), source: 'stream', shardId: 'shard' },
      {
        transactions: port,
        strategy,
        effect: {
          ...incrementEach({ table: 'Aggregates', key: 'Identifier', attribute: 'Value' }),
          // Each record has a key of its own, and all of them have one together.
          keysMax: this.#world.perTransaction + 1,
        },
        remainingMs: () => REMAINING_MS,
        clock: { now: () => this.#now, random: () => 0, sleep: async () => {} },
      },
    );
  }

  /** Only the two deliveries meet faults and each other; what comes before and after is answered at once. */
  async #receive<Answer>(
    process: Process,
    said: unknown,
    create: () => StoreRequest<Answer>,
  ): Promise<Answer> {
    this.#requests += 1;
    const request: SentRequest = { number: this.#requests, said, create };
    if (this.#record !== undefined) {
      const { summary, items } = create();
      this.#record({ type: 'request-sent', request: request.number, sandbox: process.name, summary, items });
    }
    if (this.#phase === 'deliveries') {
      return new Promise((resolve, reject) => {
        process.waiting = { ...request, resolve: resolve as (answer: unknown) => void, reject };
      });
    }
    const reply = this.#land(request);
    this.#record?.({ type: 'reply-received', request: request.number, outcome: outcomeOf(reply) });
    if (reply.code === 'thrown') {
      throw reply.error;
    }
    return reply.answer as Answer;
  }

  #decisions(): readonly Decision[] {
    const decisions: Decision[] = [];
    for (const process of [0, 1] as const) {
      if (this.#processes[process].waiting === undefined) {
        continue;
      }
      decisions.push({ type: 'send', process, fault: undefined });
      const faults = this.#faultsLeft === 0 ? [] : pairedFaults;
      for (const fault of this.#faultsLeft > 0 && this.#faults === 0 ? [...faults, ...loneFaults] : faults) {
        decisions.push({ type: 'send', process, fault });
      }
    }
    return [...(decisions.length === 0 ? [DELIVER_ALL] : decisions), ...this.#landings()];
  }

  #landings(): readonly Decision[] {
    return this.#late.map((_, late) => ({ type: 'land', late }));
  }

  #send(process: Process, fault: WorldFault | undefined): void {
    const { waiting } = process;
    if (waiting === undefined) {
      throw new Error('invariant: only what waits can be sent');
    }
    process.waiting = undefined;
    if (fault !== undefined) {
      this.#faults += 1;
      this.#faultsLeft = loneFaults.includes(fault) ? 0 : this.#faultsLeft - 1;
      this.#record?.({
        type: 'fault',
        fault: `${fault}:${this.#faults}`,
        target: `request ${waiting.number}`,
      });
    }
    const reply = this.#meet(waiting, fault);
    if (reply.code === 'crashed') {
      // Nothing of it runs any more: it is neither answered nor told.
      this.#endInvocation(process, 'crashed', 'Runtime.ExitError');
      return;
    }
    process.transcript += `${JSON.stringify(reply)}\n`;
    this.#record?.({ type: 'reply-received', request: waiting.number, outcome: outcomeOf(reply) });
    if (reply.code === 'answer') {
      waiting.resolve(reply.answer);
    } else {
      waiting.reject(reply.error);
    }
  }

  /** What becomes of a request, and what its process sees of it. */
  #meet(request: SentRequest, fault: WorldFault | undefined): Reply | { readonly code: 'crashed' } {
    switch (fault) {
      case undefined:
        return this.#land(request);
      case 'reply-lost':
        this.#land(request);
        return attempt(request.create().failures.timeout);
      case 'lands-late':
        this.#late.push(request);
        return attempt(request.create().failures.timeout);
      case 'lands-twice':
        // A copy that lands within the window of the SDK's own token is answered and does nothing; this one lands past it.
        this.#late.push(request);
        return this.#land(request);
      case 'conflict':
        return attempt(request.create().failures.conflict);
      case 'throttled':
        return attempt(request.create().failures.throttled);
      case 'crash-after-request':
        this.#land(request);
        return { code: 'crashed' };
      case 'crash-before-request':
        return { code: 'crashed' };
    }
  }

  #land({ create, number }: SentRequest): Reply {
    const reply = attempt(() => create().begin().finish());
    this.#record?.({ type: 'request-landed', request: number, outcome: outcomeOf(reply) });
    return reply;
  }

  #end(): RunState {
    const history: HistoryEvent[] = [];
    const note = (event: EventBody): void => {
      history.push({ at: 0, ...event });
      this.#record?.(event);
    };
    observeTables(this.#store, ['Aggregates', 'Positions'], note);
    const isDone = this.#processes[2].status === 'succeeded';
    note({
      type: 'ended',
      stuck: isDone ? [] : ['the records were delivered once more, and were not committed'],
    });
    const violations = checkCommits(history, { stacks: [stackTables[0]], isRows: false, truth });
    return { code: 'ended', violations };
  }
}

/** A timeline follows records into the sums. */
function recordChange(record: (event: EventBody) => void, now: () => number): (change: ItemChange) => void {
  return (change) => {
    const { item, text } = changeRecord(change, now());
    record({ type: 'item-changed', table: change.table.name, item, text });
  };
}

type Reply =
  | { readonly code: 'answer'; readonly answer: unknown }
  | { readonly code: 'thrown'; readonly error: unknown; readonly name: string };

function attempt(answer: () => unknown): Reply {
  try {
    return { code: 'answer', answer: answer() };
  } catch (error) {
    return { code: 'thrown', error, name: String(error) };
  }
}

function outcomeOf(reply: Reply): string {
  return reply.code === 'thrown'
    ? reply.name
    : ((reply.answer as Partial<TransactionOutcome> | undefined)?.code ?? 'answered');
}

/** What a command of the SDK asks for: two with one input are one request. */
function inputOf(command: unknown): unknown {
  return typeof command === 'object' && command !== null && 'input' in command ? command.input : command;
}
