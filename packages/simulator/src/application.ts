import type { Clock, ItemReader, TransactionPort } from '@oncefold/commit';
import type { MappingSettings } from '@oncefold/event-source-mapping';
import type { FaultKind } from './faults/fault-kinds.ts';
import type { History, Violation } from './history/history.ts';
import type { SimulatedClient } from './network/simulated-client.ts';
import type { Draw } from './random/draw.ts';
import type { Turn } from './scheduler/turn.ts';
import type { AttributeMap, TableDefinition } from './store/store.ts';

/** Virtual time, as a sandbox sees it. */
export interface SimulatedClock extends Clock {
  /** A signal that aborts after so many milliseconds; at once if none are left. */
  abortAfter(milliseconds: number): AbortSignal;
}

/** What somebody who has invoked a function gets from Lambda. */
export interface InvocationAnswer {
  /** Absent: the function has returned what `Payload` says. */
  readonly FunctionError?: string;
  /** JSON text. */
  readonly Payload: string;
}

/** A bucket, by its own requests. */
export interface SimulatedBucket {
  /** Objects whose keys begin so, in the order of their keys. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }>;
  read(key: string): Promise<string>;
  write(key: string, text: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What a function finds around itself in a sandbox. Everything else (time, randomness, network) must come from here. */
export interface FunctionEnvironment {
  readonly clock: SimulatedClock;
  /** DynamoDB as the strategies know it. */
  readonly transactions: TransactionPort;
  /** DynamoDB as `redrive` of `@oncefold/commit` reads it. */
  readonly reader: ItemReader;
  /** Makes an SDK client for DynamoDB that sends a request so often by itself: 1 where the caller retries. */
  createClient(attemptsMax: number): SimulatedClient;
  /** A name that nobody has had in this history. */
  newName(): string;
  /** Deployments of the function before this sandbox was started, from 0. */
  readonly version: number;
  /** Notes that something was met, for the coverage of a run: a branch, an outcome. */
  report(met: string): void;
}

/** What a program finds around itself: as a function, and what whoever operates functions has. */
export interface ProgramEnvironment extends FunctionEnvironment {
  /** Where mappings put what they give up whose on-failure destination is a bucket. */
  readonly failedBatches: SimulatedBucket;
  /** Invokes a function and waits for its answer; throws what a client would throw that sends it once. */
  invoke(functionName: string, payload: string): Promise<InvocationAnswer>;
}

/** What the Lambda context tells a simulated function. */
export interface SimulatedContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** A handler, as Lambda calls it; the event is what the mapping makes of the records, whatever type the handler gives it. */
export type SimulatedHandler = (event: never, context: SimulatedContext) => unknown;

/** A Lambda function. */
export interface FunctionDefinition {
  readonly name: string;
  readonly timeoutMs: number;
  /** Sandboxes at once; an invocation beyond them is throttled. */
  readonly concurrencyMax: number;
  /** What the module does at a cold start, once per sandbox: variables in its scope live as long as the sandbox. */
  readonly create: (environment: FunctionEnvironment) => SimulatedHandler;
  /** Says in words what a deployment changes; absent: nothing but the sandboxes. */
  readonly describeVersion?: (version: number) => string;
}

/** A Kinesis stream, or the stream of another system's table. Streams of the application's own tables need no definition. */
export interface StreamDefinition {
  readonly name: string;
  readonly kind: 'kinesis' | 'dynamodb';
  readonly shards: number;
}

/** An event source mapping. */
export interface MappingDefinition {
  readonly function: string;
  /** Name of a stream, or of a table that has one. */
  readonly source: string;
  readonly settings: Omit<MappingSettings, 'source' | 'functionArn' | 'startingPosition' | 'mappingId'>;
}

/** What a producer does. */
export interface ProducedRecord {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly stream: string;
  readonly partitionKey: string;
  /** Names the record in the history; the same label twice is the same record, put twice. */
  readonly label: string;
  /** Kinesis: the bytes, as base64. Stream of a table: the new image. */
  readonly content: { readonly data: string } | { readonly image: Readonly<Record<string, unknown>> };
}

/** A program that runs beside the functions: a command that somebody runs, and runs again until it ends well. */
export interface ProgramDefinition {
  readonly name: string;
  /** Milliseconds after the start. */
  readonly atMs: number;
  /**
   * Runs it once, in a process of its own.
   *
   * @returns what it tells at its end, for the history
   */
  readonly run: (environment: ProgramEnvironment) => Promise<string>;
}

/** An item that is there when a history begins: no stream has a record of it any more. */
export interface ExistingItem {
  readonly table: string;
  readonly item: AttributeMap;
}

/** What another program does to a table, past all functions. */
export interface ForeignWrite {
  readonly atMs: number;
  readonly table: string;
  readonly label: string;
  readonly key: Readonly<Record<string, { readonly S: string } | { readonly N: string }>>;
  /** In place of `item`: what it makes of the item that is there. The history tells both. */
  readonly change?: (existing: AttributeMap | undefined) => AttributeMap | undefined;
  /** The item that is there afterwards; absent: none. */
  readonly item?: Readonly<Record<string, { readonly S: string } | { readonly N: string }>> | undefined;
  /** Only where an item is. */
  readonly onlyIfPresent?: boolean;
}

/** One history's application: what runs, what it is fed, and what must be true of it. */
export interface Application {
  readonly tables: readonly TableDefinition[];
  readonly streams: readonly StreamDefinition[];
  readonly functions: readonly FunctionDefinition[];
  readonly mappings: readonly MappingDefinition[];
  readonly load: readonly ProducedRecord[];
  /** Numbers of the load's records, as `keptRecords` takes them. */
  readonly recordNumbers: readonly number[];
  readonly foreignWrites?: readonly ForeignWrite[];
  readonly programs?: readonly ProgramDefinition[];
  readonly existingItems?: readonly ExistingItem[];
  /** Tables that an observer reads now and then, and at the end. */
  readonly observed: readonly string[];
  /** Faults happen until so long after the start, in milliseconds. */
  readonly faultsEndMs: number;
  /** Finds what is wrong with a history. It knows the input and what clients saw, and nothing of the implementation. */
  readonly check: (history: History) => readonly Violation[];
}

/** How much of an application a history has; what is absent is drawn. Shrinking makes it smaller. */
export interface ApplicationLimits {
  /** The only records of the load, by their numbers in it; absent: all of them. */
  readonly keptRecords?: ReadonlySet<number> | undefined;
  /** Most shards of each stream at the start. */
  readonly shardsMax?: number | undefined;
  readonly streamsMax?: number | undefined;
  /** Most sandboxes of each function. */
  readonly concurrencyMax?: number | undefined;
  /** Most aggregate keys of a record. */
  readonly keysMax?: number | undefined;
  /** Most programs beside the functions. */
  readonly programsMax?: number | undefined;
}

/** What many histories must have met, all of them together; what they never met, they have said nothing about. */
export interface Coverage {
  readonly faults: readonly FaultKind[];
  /** Names of outcomes, branches and states, as runs count them. */
  readonly met: readonly string[];
}

/** Draws an application for a seed. */
export interface Simulation {
  /** For people and for addresses: `commit`, `pipeline`. */
  readonly name: string;
  /** What 1,000 of its histories meet; absent: that is not known. */
  readonly coverage?: Coverage | undefined;
  /** Lets promises run, where its code needs more than that; absent: as whoever makes the history does. */
  readonly turn?: Turn | undefined;
  draw(draw: Draw, limits: ApplicationLimits): Application;
}
