/**
 * The command could not do its work; its message is one clear line for the person at the terminal.
 *
 * Ends the command with status 2. The cause, when there is one, is shown only with `ONCEFOLD_DEBUG` set.
 */
export class CouldNotRunError extends Error {
  override readonly name = 'CouldNotRunError';
  readonly code = 'could-not-run';

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), options);
  }
}
