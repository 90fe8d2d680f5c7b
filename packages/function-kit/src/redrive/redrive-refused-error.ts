const MESSAGES = {
  'recount-runs':
    'a recount runs, or has begun since, which may be about to make up for this batch: redrive it when the rebuild has ended',
  undecided:
    'it cannot be known whether a rebuild has made up for this batch: run `npm run oncefold -- rebuild` again, which makes up for it, then redrive it',
} as const;

/** It cannot be known whether a recount makes up for what is handed in again. */
export class RedriveRefusedError extends Error {
  override readonly name = 'RedriveRefusedError';
  readonly code = 'redrive-refused';

  constructor(reason: keyof typeof MESSAGES, options?: ErrorOptions) {
    super(MESSAGES[reason], options);
  }
}
