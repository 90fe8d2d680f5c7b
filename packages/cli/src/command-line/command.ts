import type { Terminal } from '../terminal/terminal.ts';
import type { Lifetime } from './lifetime.ts';

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Ends everything that the command started. */
  readonly lifetime: Lifetime;
}

export type Action<Options> = (options: Options, context: CommandContext) => Promise<number>;

export interface TypedCommand<Options> {
  readonly name: string;
  readonly options: Options;
  /** Each command loads what it needs: help and mistakes in the arguments are answered at once. */
  readonly load: () => Promise<Action<Options>>;
}

/** Runs a command to its end. */
export type RunCommand = <Options extends { readonly json: boolean }>(
  command: TypedCommand<Options>,
) => Promise<void>;
