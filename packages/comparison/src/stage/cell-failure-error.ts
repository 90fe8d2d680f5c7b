import type { CellFailureCode } from '../report/comparison-report.ts';

/** A cell has no result. */
export class CellFailureError extends Error {
  override readonly name = 'CellFailureError';
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  readonly code: CellFailureCode;

  constructor(code: CellFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'disturbed';
  }
}
