import type { FunctionResource } from '@oncefold/sam-template';
import type { RuntimeCache } from './runtime-cache.ts';

/** What runs the functions of one language: which of Lambda's runtimes it stands for, and how. */
export interface RuntimeFamily {
  /** Whether a template's `Runtime` is one that it runs. */
  includes(runtime: string): boolean;
  /**
   * Finds the code of a function and the program that runs it.
   *
   * @throws {@link FunctionCodeError} when the code is not there or cannot run here
   * @throws {@link RuntimeInstallError} when what the program needs cannot be installed
   */
  prepare(resource: FunctionResource): Promise<RunnableFunction>;
}

/** The code of a function and the program that runs it. */
export interface RunnableFunction {
  /** Absolute folder that takes the place of `/var/task`. */
  readonly directory: string;
  /** The handler as the program takes it; by default what the template says. */
  readonly handler?: string | undefined;
  /** Program and arguments. It speaks the Runtime API. */
  readonly command: readonly [string, ...string[]];
  /** Variables that the program needs, on top of the function's. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RuntimeContext {
  /** Folder of the template: `CodeUri` is relative to it, and `sam build` puts its result there. */
  readonly templateDirectory: string;
  readonly cache: RuntimeCache;
  /** Takes what the person should know: another version than the template's, for example. */
  readonly onWarning: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}
