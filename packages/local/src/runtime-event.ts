/** What every event of a running application carries. */
interface EventBase {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Which invocation an event is about. */
export interface InvocationIdentity {
  /** Logical id of the function in the template. */
  readonly functionId: string;
  /** The id that the function sees as `awsRequestId`. */
  readonly requestId: string;
  /** Logical id of the mapping that invoked the function. */
  readonly mappingId: string;
  readonly shardId: string;
  /** How many records the event holds. */
  readonly records: number;
  /** Which attempt at this batch this is, from 1. */
  readonly attempt: number;
}

/**
 * What happens in a running application, as it happens.
 *
 * Events never carry records or payloads; `log` carries what the function itself wrote.
 */
export type RuntimeEvent = EventBase &
  (
    | { readonly type: 'function-started'; readonly functionId: string; readonly pid: number }
    | {
        readonly type: 'function-exited';
        readonly functionId: string;
        readonly pid: number;
        /** Why it ended, such as `timeout`, `exit status 1`, `signal SIGKILL`, `stopped`. */
        readonly reason: string;
      }
    | ({ readonly type: 'invocation-started' } & InvocationIdentity)
    | ({
        readonly type: 'invocation-succeeded';
        readonly durationMs: number;
        /** How many records the function reported in `batchItemFailures`. */
        readonly itemFailures: number;
      } & InvocationIdentity)
    | ({
        readonly type: 'invocation-failed';
        readonly durationMs: number;
        readonly errorType: string;
        readonly errorMessage: string;
      } & InvocationIdentity)
    | {
        readonly type: 'log';
        readonly functionId: string;
        readonly output: 'stdout' | 'stderr';
        readonly line: string;
      }
    | {
        /** A read of a shard failed in a way that passes, and is tried again. */
        readonly type: 'read-retried';
        readonly mappingId: string;
        readonly shardId: string;
        readonly errorType: string;
        readonly errorMessage: string;
      }
    | {
        /** The mapping gave records up: they went to the on-failure destination, or nowhere if there is none. */
        readonly type: 'records-discarded';
        readonly mappingId: string;
        readonly shardId: string;
        readonly records: number;
        readonly condition: string;
      }
    | { readonly type: 'application-failed'; readonly errorType: string; readonly errorMessage: string }
  );
