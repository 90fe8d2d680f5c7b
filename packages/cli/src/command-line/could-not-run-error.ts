import { exitStatus } from './exit-status.ts';

/**
 * The command could not do its work; its message is one clear line for the person at the terminal.
 *
 * Ends the command with status 2, unless another one is given. The cause, when there is one, is shown only with
 * `ONCEFOLD_DEBUG` set.
 */
export class CouldNotRunError extends Error {
  override readonly name = 'CouldNotRunError';
  readonly code = 'could-not-run';
  readonly exitStatus: number;

  constructor(message: string, options: { readonly cause?: unknown; readonly exitStatus?: number } = {}) {
    const { exitStatus: status = exitStatus.couldNotRun, ...others } = options;
    super(message.replaceAll(/\s*\n\s*/g, ' '), others);
    this.exitStatus = status;
  }
}
