/** It cannot be known whether a recount makes up for what is handed in again. */
export class RedriveRefusedError extends Error {
  override readonly name = 'RedriveRefusedError';
  readonly code = 'redrive-refused';
}
