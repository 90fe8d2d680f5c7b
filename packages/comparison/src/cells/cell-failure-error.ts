import type { CellFailureCode } from '../report/comparison-report.ts';

/** A cell cannot be judged. */
export class CellFailureError extends Error {
  override readonly name = 'CellFailureError';
  /** Whether the cell may succeed when it is begun anew. */
  readonly retryable: boolean;
  readonly code: CellFailureCode;

  constructor(code: CellFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'disturbed';
  }
}
