import { CouldNotRunError } from './could-not-run-error.ts';

/** A table that must be there is not. */
export class MissingTableError extends CouldNotRunError {
  constructor(table: string) {
    super(`there is no table ${table}`);
  }
}
