import type { GuardedExit } from './guarded-spawn.ts';

/** A database or stream service that this process started and that ends with it. */
export interface Engine {
  readonly name: string;
  readonly version: string;
  /** Base URL on the loopback address, without a slash at the end. */
  readonly endpoint: string;
  /** Process id of the engine, for the accounting of CPU time. */
  readonly pid: number;
  /** Resolves, never rejects, when the engine has ended, by {@link Engine.stop} or by itself. */
  readonly exited: Promise<GuardedExit>;
  /** The end of what it has printed, on standard output and standard error. */
  lastOutput(): string;
  /** Ends the engine and waits until it is gone; more than one call is the same as one. */
  stop(): Promise<void>;
}
