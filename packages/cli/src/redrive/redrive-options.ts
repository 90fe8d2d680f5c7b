import type { StackOptions } from '../stack/stack-option.ts';
import type { ConnectionOptions } from '../tables/connection.ts';
import type { FailedBatchOptions } from '../tables/failed-batch-options.ts';

/** What `oncefold redrive` takes. */
export interface RedriveOptions extends Omit<StackOptions, 'region'>, ConnectionOptions, FailedBatchOptions {
  readonly quarantineTable: string;
  readonly stateTable: string;
  /** What to show whole. */
  readonly show?: string;
  /** What to send. */
  readonly send?: readonly string[];
  /** Send everything that is open. */
  readonly all: boolean;
  /** Batches that are not to be sent any more. */
  readonly dismiss?: readonly string[];
  /** File with the mended bytes of the one quarantined record that is sent. */
  readonly fix?: string;
  /** Delete failed batches from the bucket once they are redriven. */
  readonly delete: boolean;
  readonly dryRun: boolean;
  /** Ask nothing. */
  readonly yes: boolean;
  readonly json: boolean;
}
