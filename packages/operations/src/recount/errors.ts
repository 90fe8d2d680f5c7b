/** Another run has begun a recount, so this one has ended; it has changed no sum. */
export class RecountSupersededError extends Error {
  override readonly name = 'RecountSupersededError';
  readonly code = 'recount-superseded';

  constructor(number: number) {
    super(
      `recount ${number} was ended by another run, or by hand; let that one finish, or run the command again`,
    );
  }
}

/** The pipeline does not go on, so that what was written by the recount does not reach its sums. */
export class RecountStalledError extends Error {
  override readonly name = 'RecountStalledError';
  readonly code = 'recount-stalled';

  constructor(what: string, stallMs: number, remedy = '') {
    super(
      `${what}, and nothing has changed for ${Math.round(stallMs / 1000)} s: see that the map and reduce functions run ` +
        `and that their mappings are enabled and have given nothing up, then run the command again${remedy && `. ${remedy}`}`,
    );
  }
}

/** A recount of this pipeline would say nothing. */
export class RecountRefusedError extends Error {
  override readonly name = 'RecountRefusedError';
  readonly code = 'recount-refused';
}
