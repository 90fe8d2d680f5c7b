import type { FunctionResource } from '@oncefold/sam-template';
import type { FunctionBundle } from '../../application/running-application.ts';
import type { RuntimePackage } from './runtime-cache.ts';

/** What runs the functions of one language: which of Lambda's runtimes it stands for, and how. */
export interface RuntimeFamily {
  /** Whether a template's `Runtime` is one that it runs. */
  includes(runtime: string): boolean;
  /**
   * Finds the code of a function and the program that runs it.
   *
   * @param layers - folder that takes the place of `/opt`, for a function with layers
   * @throws {@link FunctionCodeError} when the code is not there or cannot run here
   * @throws {@link RuntimeInstallError} when what the program needs cannot be installed
   */
  prepare(resource: FunctionResource, layers?: string): Promise<RunnableFunction>;
}

export type RunnableFunction = FunctionBundle & Required<Pick<FunctionBundle, 'program'>>;

export interface RuntimeContext {
  /** Folder of the template: `CodeUri` is relative to it, and `sam build` puts its result there. */
  readonly templateDirectory: string;
  /** Takes what the person should know: another version than the template's, for example. */
  readonly onNotice: (functionId: string, message: string) => void;
  /**
   * Gives the folder of a package that a function needs, and installs it first if it is not there.
   *
   * @throws {@link RuntimeInstallError} with the remedy when it cannot be installed
   */
  readonly provide: (wanted: RuntimePackage, functionId: string) => Promise<string>;
}
