import type { InjectedFault } from './faults/injected-fault.ts';

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
 * Events never carry records or payloads, with two exceptions: `log` carries what the function itself wrote, and
 * `destination-document` what its destination would have got.
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
    /** The function's code has changed: its next invocation gets a process of the new code. */
    | { readonly type: 'function-reloaded'; readonly functionId: string }
    | {
        /** The function could not be initialised, however often; it is tried again when its code changes. */
        readonly type: 'function-broken';
        readonly functionId: string;
        readonly errorType: string;
        readonly errorMessage: string;
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
    | {
        /** What the on-failure destination of a mapping would have got: queues, topics and buckets do not exist here. */
        readonly type: 'destination-document';
        readonly mappingId: string;
        readonly functionId: string;
        readonly destination: { readonly kind: 'sqs' | 'sns' | 's3'; readonly arn: string };
        /** JSON text: metadata for queues and topics, with the whole invocation for buckets. */
        readonly document: string;
        /** Key of the object, for buckets only. */
        readonly objectKey?: string;
      }
    | ({ readonly type: 'fault-injected' } & InjectedFault)
    | { readonly type: 'application-failed'; readonly errorType: string; readonly errorMessage: string }
  );
