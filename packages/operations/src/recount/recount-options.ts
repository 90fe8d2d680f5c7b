import type { Hierarchy } from '@oncefold/reducer';
import type { TableAccess } from '../tables/scan-table.ts';

/** Names of the pipeline's tables. */
export interface RecountTables {
  readonly state: string;
  readonly reduce: string;
  readonly aggregate: string;
  readonly ledger: string;
  readonly recount: string;
}

/** How the pipeline is set up, as far as a recount depends on it. */
export interface RecountPipeline {
  readonly tables: RecountTables;
  /** By which the markers of the reduce stage are named. */
  readonly namespace: string;
  readonly reduceConsumer: string;
  /** ARN of the reduce table's stream, as events give it. */
  readonly reduceSource: string;
  /** How long rows of sums and their markers are kept, in seconds. */
  readonly retentionSeconds: number;
  /** By which trades are summed whose items record no dimensions. */
  readonly unrecordedHierarchy: Hierarchy;
}

/** What a recount works with. The client sends each request once: what to do after a lost answer is decided here. */
export interface RecountOptions extends TableAccess {
  readonly pipeline: RecountPipeline;
  /** A name that no other run has. */
  readonly owner: string;
  /** The node to recount with everything below it; absent: all. */
  readonly path?: string | undefined;
  /** The dimensions that trades are to be summed by from now on; absent: each by those that its item records. */
  readonly hierarchy?: Hierarchy | undefined;
  readonly limits?: Partial<RecountLimits> | undefined;
  /** Which posts it puts up, so that each partition of the table of trades has one; absent: 1,000. */
  readonly posts?: ((recount: number) => readonly number[]) | undefined;
  readonly onProgress?: ((progress: RecountProgress) => void) | undefined;
}

export interface RecountLimits {
  /** Requests in flight at once. */
  readonly requestsMax: number;
  /** Items that are marked in a second, over all requests; 0 for as many as the table takes. */
  readonly marksPerSecondMax: number;
  /** Longest time without any progress of the pipeline before the recount gives up, in milliseconds. */
  readonly stallMsMax: number;
  /** How long before a repair it waits for requests whose clients have stopped waiting, in milliseconds. */
  readonly settleMs: number;
}

/**
 * A function runs for 15 minutes at most. AWS takes no request whose signature is more than 5 minutes old, and none that is signed more than 5
 * minutes ahead of its own clock: what was sent last is done or refused after 10 more.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
const SETTLE_MS = 25 * 60 * 1000;

export const defaultLimits: RecountLimits = {
  requestsMax: 4,
  marksPerSecondMax: 0,
  stallMsMax: 15 * 60 * 1000,
  settleMs: SETTLE_MS,
};

/** How far a recount is. */
export type RecountProgress =
  | { readonly phase: 'started'; readonly number: number; readonly superseded: number | undefined }
  | { readonly phase: 'marking'; readonly pass: number; readonly items: number; readonly marked: number }
  | { readonly phase: 'waiting for marks'; readonly applied: number; readonly marked: number }
  | { readonly phase: 'waiting for rows'; readonly pending: number }
  | { readonly phase: 'comparing' }
  | { readonly phase: 'settling'; readonly leftMs: number }
  | { readonly phase: 'repairing'; readonly keys: number };
