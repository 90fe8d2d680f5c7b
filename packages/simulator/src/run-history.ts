import type { Application, ApplicationLimits, Simulation } from './application.ts';
import { environmentFactory } from './environment.ts';
import type { FaultKind } from './faults/fault-kinds.ts';
import { createFaultPlan, type FaultId, type FaultPlan } from './faults/fault-plan.ts';
import type { EventBody, History, HistoryEvent, Violation } from './history/history.ts';
import { observeTables } from './history/observe-tables.ts';
import { type Counter, createFunction, type LambdaOptions, type SimulatedFunction } from './lambda/lambda.ts';
import { createMappingHost, type MappingHost } from './mapping/mapping-host.ts';
import { createNetwork } from './network/network.ts';
import { type ProgramOptions, runProgram, type SimulatedProgram } from './programs/run-program.ts';
import { createDraw, type Draw } from './random/draw.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import type { Turn } from './scheduler/turn.ts';
import { createBucket } from './store/bucket.ts';
import { createStore, type SimulatedStore } from './store/create-store.ts';
import type { ItemChange } from './store/store.ts';
import { slotOfItem } from './store/store-table.ts';
import { changeRecord } from './streams/change-record.ts';
import { feed } from './streams/feed.ts';
import { createStream, FIRST_SEQUENCE_NUMBERS, type SimulatedStream } from './streams/simulated-stream.ts';

/** When every history begins: 2026-01-01T00:00:00Z. */
const START_MS = 1_767_225_600_000;

/** Events of one history; one that has more does not end. */
const EVENTS_MAX = 200_000;
/** How far an eventual read may be behind, in milliseconds. */
const READS_BEHIND_MS_MAX = 2_000;
/** Most items of one page of a scan, which is drawn for each: between two pages others may write. */
const PAGE_ITEMS_MAX = 12;
/** Reads of an observer before the last one. */
const OBSERVATIONS = 2;
/** Longest time between two passes that delete expired items, and how long such an item may still be there. */
const EXPIRY_INTERVAL_MS_MAX = 4 * 60 * 60 * 1000;
const EXPIRY_LAG_MS_MAX = 48 * 60 * 60 * 1000;

/** What names a history: the same scenario is the same history, to the byte. */
export interface Scenario {
  readonly seed: number;
  /** Faults that may happen; by default all. */
  readonly faults?: readonly FaultKind[] | undefined;
  /** The faults that happen, and no other ones; absent: those that are drawn. */
  readonly keptFaults?: ReadonlySet<FaultId> | undefined;
  readonly limits?: ApplicationLimits | undefined;
}

/** What came out of a history. */
export interface HistoryResult {
  readonly scenario: Scenario;
  readonly history: History;
  readonly violations: readonly Violation[];
  readonly faults: readonly FaultId[];
  /** What was met, by name: outcomes of requests and invocations, states of the mapping, and what functions report. */
  readonly met: ReadonlySet<string>;
  /** Numbers of the records that were put. */
  readonly records: readonly number[];
  /** Events of virtual time that it took. */
  readonly events: number;
}

/** A history that is being made, event by event. */
interface HistoryRun {
  /** Goes on until simulated code is to run (`turn`), or the end. */
  advance(): 'turn' | 'ended';
  result(): HistoryResult;
}

/** What of a history is recorded. */
export interface RecordingOptions {
  /** Record also what no client sees: landings, items, checkpoints. For a timeline; slower. Default false. */
  readonly isDetailed?: boolean;
}

/** Begins the history of a scenario. */
function beginHistory(
  simulation: Simulation,
  scenario: Scenario,
  { isDetailed = false }: RecordingOptions = {},
): HistoryRun {
  const draw = createDraw(scenario.seed);
  const application = simulation.draw(draw.fork('application'), scenario.limits ?? {});
  const scheduler = createScheduler(START_MS);
  const faults = createFaultPlan(draw.fork('faults'), {
    kinds: scenario.faults,
    kept: scenario.keptFaults,
  });
  const history: HistoryEvent[] = [];
  const record = (event: EventBody): void => {
    // Each event is made for this call, so that it need not be copied: there are hundreds of them.
    const timed = event as { -readonly [Name in keyof HistoryEvent]: HistoryEvent[Name] };
    timed.at = scheduler.now() - START_MS;
    history.push(timed as HistoryEvent);
  };
  const world = createWorld({ application, draw, scheduler, faults, record, isDetailed });
  let hasEnded = false;
  const end = (stuck: readonly string[]): void => {
    hasEnded = true;
    observeTables(world.store, application.observed, record);
    record({ type: 'ended', stuck });
  };
  return {
    advance: () => {
      if (hasEnded) {
        return 'ended';
      }
      switch (scheduler.advance(EVENTS_MAX)) {
        case 'resumed':
          return 'turn';
        case 'drained':
          end(world.unfinished());
          return 'ended';
        case 'exhausted':
          end([`there is no end after ${EVENTS_MAX} events`, ...world.unfinished()]);
          return 'ended';
      }
    },
    result: () => ({
      scenario,
      history,
      violations: application.check(history),
      faults: faults.injected,
      met: new Set([...world.met, ...world.hosts.flatMap((host) => [...host.met()]), ...endsIn(history)]),
      records: application.recordNumbers,
      events: scheduler.events,
    }),
  };
}

/**
 * Makes the history of a scenario.
 *
 * @param options - its `turn` lets promises run; see `createTurn`
 */
export async function runHistory(
  simulation: Simulation,
  scenario: Scenario,
  options: RecordingOptions & { readonly turn: Turn },
): Promise<HistoryResult> {
  const run = beginHistory(simulation, scenario, options);
  const turn = simulation.turn ?? options.turn;
  while (run.advance() === 'turn') {
    await turn();
  }
  return run.result();
}

/** How requests and invocations ended. */
function endsIn(history: History): ReadonlySet<string> {
  const ends = new Set<string>();
  for (const event of history) {
    if (event.type === 'reply-received') {
      ends.add(`reply: ${event.outcome}`);
    } else if (event.type === 'invocation-ended') {
      ends.add(`invocation: ${event.result}`);
    } else if (event.type === 'program-ended') {
      ends.add(`program: ${event.result}`);
    }
  }
  return ends;
}

interface WorldOptions {
  readonly application: Application;
  readonly draw: Draw;
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly record: (event: EventBody) => void;
  readonly isDetailed: boolean;
}

interface World {
  readonly store: SimulatedStore;
  readonly hosts: readonly MappingHost[];
  readonly met: Set<string>;
  /** What is not done, in words. */
  unfinished(): readonly string[];
}

/** Puts streams, store, network, functions and mappings together, and schedules what comes from outside. */
function createWorld(options: WorldOptions): World {
  const { application, draw, scheduler, faults, record, isDetailed } = options;
  const met = new Set<string>();
  const onFault = (kind: FaultKind, target: string): void => {
    record({ type: 'fault', fault: faults.injected.at(-1) ?? `${kind}:0`, target });
  };
  const { now } = scheduler;
  const streams = createStreams(application, draw.fork('sequence numbers').pick(FIRST_SEQUENCE_NUMBERS), now);
  const onChange = (change: ItemChange): void => {
    const changed = changeRecord(change, now());
    if (isDetailed) {
      record({ type: 'item-changed', table: change.table.name, item: changed.item, text: changed.text });
    }
    const stream = change.table.stream === undefined ? undefined : streams.get(change.table.name);
    const put = stream?.put(changed.item, changed.item, changed.create);
    if (stream !== undefined && put !== undefined) {
      record({
        type: 'record-put',
        stream: stream.name,
        shard: put.shardId,
        sequenceNumber: put.sequenceNumber,
        label: changed.item,
      });
    }
  };
  const reads = draw.fork('eventual reads');
  const readsBehindMs = (): number => reads.fraction() * READS_BEHIND_MS_MAX;
  const pages = draw.fork('pages');
  const store = createStore({
    tables: application.tables,
    now,
    onChange,
    readsBehindMs,
    pageItemsMax: () => pages.integer(1, PAGE_ITEMS_MAX),
  });
  putExisting(application, store);
  const network = createNetwork({
    scheduler,
    faults,
    draw: draw.fork('network'),
    record,
    isDetailed,
    onFault,
  });
  const shared = { scheduler, faults, record, onFault };
  const failedBatches = createBucket();
  const createEnvironment = environmentFactory({
    scheduler,
    store,
    network,
    failedBatches,
    functionOf: (name) => found(functions, name),
    met,
  });
  const functions = createFunctions(application, { ...shared, draw, createEnvironment });
  const hosts = application.mappings.map((mapping, index) =>
    createMappingHost({
      ...shared,
      mapping,
      stream: found(streams, mapping.source),
      function: found(functions, mapping.function),
      failedBatches,
      draw: draw.fork('mapping', index),
      isDetailed,
    }),
  );
  const programs = createPrograms(application, { ...shared, draw, createEnvironment });
  feed(application, { ...shared, streams, store, draw: draw.fork('feed') });
  observeNowAndThen(application, { ...options, store });
  expireNowAndThen(application, { ...options, store, met });
  return {
    store,
    hosts,
    met,
    unfinished: () => [...hosts, ...programs].flatMap((each) => each.unfinished()),
  };
}

/** The application's streams, and those of its tables. */
function createStreams(
  { streams, tables }: Application,
  firstSequenceNumber: bigint,
  now: () => number,
): ReadonlyMap<string, SimulatedStream> {
  const ofTables = tables.flatMap(({ name, stream, shards = 1 }) =>
    stream === undefined ? [] : [{ name, kind: 'dynamodb' as const, shards }],
  );
  return new Map(
    [...streams, ...ofTables].map((definition) => [
      definition.name,
      createStream({ ...definition, firstSequenceNumber, now }),
    ]),
  );
}

function createFunctions(
  application: Application,
  options: Pick<LambdaOptions, 'scheduler' | 'faults' | 'record' | 'onFault'> & {
    readonly draw: Draw;
    readonly createEnvironment: ReturnType<typeof environmentFactory>;
  },
): ReadonlyMap<string, SimulatedFunction> {
  let invocations = 0;
  const counter: Counter = { next: () => (invocations += 1) };
  return new Map(
    application.functions.map((definition) => {
      const own = options.draw.fork(`function ${definition.name}`);
      const createEnvironment = options.createEnvironment(own);
      return [
        definition.name,
        createFunction(definition, { ...options, draw: own, createEnvironment }, counter),
      ];
    }),
  );
}

function createPrograms(
  { programs = [] }: Application,
  options: Pick<ProgramOptions, 'scheduler' | 'faults' | 'record' | 'onFault'> & {
    readonly draw: Draw;
    readonly createEnvironment: ReturnType<typeof environmentFactory>;
  },
): readonly SimulatedProgram[] {
  return programs.map((program) => {
    const own = options.draw.fork(`program ${program.name}`);
    return runProgram(program, { ...options, draw: own, createEnvironment: options.createEnvironment(own) });
  });
}

/** What is there before the history: no stream has a record of it. */
function putExisting({ existingItems = [] }: Application, store: SimulatedStore): void {
  for (const { table, item } of existingItems) {
    const stored = store.table(table);
    if (stored === undefined) {
      throw new Error(`the application has no table ${table}`);
    }
    slotOfItem(stored, item).item = item;
  }
}

/** An observer reads at times of its own, and the faults end. */
function observeNowAndThen(
  application: Application,
  { scheduler, faults, record, draw, store }: WorldOptions & { readonly store: SimulatedStore },
): void {
  const times = draw.fork('observer');
  for (let observation = 0; observation < OBSERVATIONS; observation += 1) {
    scheduler.after(times.fraction() * application.faultsEndMs, () =>
      observeTables(store, application.observed, record),
    );
  }
  scheduler.after(application.faultsEndMs, () => {
    faults.stop();
    record({ type: 'faults-stopped' });
  });
}

/** DynamoDB deletes expired items in the background, minutes to days late; this alone keeps no history going. */
function expireNowAndThen(
  { tables }: Application,
  {
    scheduler,
    draw,
    store,
    met,
  }: WorldOptions & { readonly store: SimulatedStore; readonly met: Set<string> },
): void {
  if (tables.every(({ timeToLive }) => timeToLive === undefined)) {
    return;
  }
  const times = draw.fork('time to live');
  const scheduleNext = (): void => {
    scheduler.afterInBackground(times.fraction() * EXPIRY_INTERVAL_MS_MAX, () => {
      const lagMs = times.fraction() ** 2 * EXPIRY_LAG_MS_MAX;
      if (store.expire((scheduler.now() - lagMs) / 1000) > 0) {
        met.add('store: items expired');
      }
      scheduleNext();
    });
  };
  scheduleNext();
}

function found<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`the application has no ${name}`);
  }
  return value;
}
