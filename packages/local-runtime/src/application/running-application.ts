import type { Application, FunctionResource } from '@oncefold/sam-template';
import type { Deployment } from '../deployment/deploy.ts';
import type { EngineAccess } from '../deployment/engine-access.ts';
import type { DispatchedProcess } from '../functions/function-pool.ts';
import type { Invocation, InvocationResult } from '../functions/invocation.ts';
import type { FunctionLayers } from '../functions/layers/layer-folders.ts';
import type { Backlog } from '../streams/backlog.ts';
import type { DeliveryFaults } from '../streams/delivery-faults.ts';
import type { RuntimeEvent } from './runtime-event.ts';

export interface FunctionBundle {
  /** Absolute directory that takes the place of the deployment package. */
  readonly directory: string;
  /** `file.export` in that directory, as Lambda reads it; by default the handler that the template names. */
  readonly handler?: string;
  /** What runs it, where that is not Node.js. */
  readonly program?: {
    /** Program and arguments; it speaks the Runtime API. */
    readonly command: readonly string[];
    /** Variables that the program needs, on top of the function's. */
    readonly environment: Readonly<Record<string, string>>;
  };
  /** Its layers, where it has any. */
  readonly layers?: FunctionLayers | undefined;
}

/** Faults of an application: those of its mappings, and those that need to know its processes. */
export interface ApplicationFaults extends DeliveryFaults {
  /** Each mapping gets a second poller beside its first. */
  readonly hasTwoPollers: boolean;
  /** Mappings remember batches, so that they can be redelivered late. */
  readonly hasLateRetries: boolean;
  /** Variables of one process, such as an endpoint of its own. */
  processEnvironment(processKey: string): Readonly<Record<string, string>>;
  dispatched(process: DispatchedProcess, requestId: string): void;
}

/** An invocation of a mapping with what events never carry. */
export interface ObservedCall {
  readonly requestId: string;
  /** The event that the function got: JSON text. */
  readonly payload: string;
  readonly result: InvocationResult;
}

export interface RunApplicationOptions {
  readonly application: Application;
  readonly deployment: Deployment;
  readonly access: EngineAccess;
  readonly bundles: (resource: FunctionResource) => FunctionBundle;
  /** Variables on top of the template's, for one function; they win over everything except Lambda's own. */
  readonly environment?: (resource: FunctionResource) => Readonly<Record<string, string>>;
  /** Where a function's requests to services go that have no endpoint of their own; by default to AWS. */
  readonly defaultEndpoint?: (resource: FunctionResource) => string;
  /** Takes every event, in order; it must not throw. */
  readonly onEvent?: (event: RuntimeEvent) => void;
  /** Takes every invocation of a mapping when the function has answered, before the event that says so; it must not throw. */
  readonly onCall?: ((call: ObservedCall) => void) | undefined;
  /** The program and its arguments that run a function's handler; the built-in runtime client where it gives nothing. */
  readonly runtimeClient?: (resource: FunctionResource, directory: string) => readonly string[] | undefined;
  /** Where packages that Lambda's runtimes bring are installed; the person's cache folder by default. */
  readonly cacheDirectory?: string | undefined;
  /** Takes a function's code anew when it has changed; then a function that breaks does not end the application. */
  readonly watch?: boolean;
  readonly faults?: ApplicationFaults;
  readonly signal?: AbortSignal;
}

interface RunningFunction {
  /** Without a version or an alias. */
  readonly arn: string;
  /** Runs one invocation beside those of its mappings; never rejects. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** CPU time of all its processes, ended ones included: user and system, all threads, seconds. */
  cpuSeconds(): Promise<number>;
}

/** An application whose functions are fed from its streams until it is stopped. */
export interface RunningApplication {
  readonly functions: ReadonlyMap<string, RunningFunction>;
  /**
   * Says whether everything written so far has gone through: all shards read to their end, nothing buffered,
   * nothing in flight, and all that again after the last function ended.
   */
  isIdle(sinceMs?: number): boolean;
  /**
   * Says the same, except that tumbling windows may be open: for functions that commit with every batch and keep nothing in
   * a window. A window of the stream of a local table may stay open for a minute.
   */
  isAtRest(sinceMs?: number): boolean;
  /**
   * Says whether a known batch is not done: read and not delivered, in flight, waiting to be redelivered at
   * once or later, or on its way to a destination. Open tumbling windows do not count.
   */
  hasOpenBatches(): boolean;
  /** What the mappings of a function have read and not done; nothing for a function that does not exist. */
  backlog(functionId: string): Backlog;
  /** Waits until {@link RunningApplication.isIdle} holds for everything written before the call. */
  whenIdle(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Whether it was stopped, or has stopped itself. */
  readonly isStopped: boolean;
  /** Why it has stopped itself, or is about to. */
  readonly failure: Error | undefined;
  /** Resolves with the error when the application cannot go on and has stopped itself; never rejects. */
  readonly failed: Promise<Error>;
  /** Stops reading, lets invocations in flight end for up to a bound, then ends all processes. May be called again. */
  stop(): Promise<void>;
}
