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

export type MappingEvent =
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
      /** A read of a shard failed with an error that may be transient, and is tried again. */
      readonly type: 'read-retried';
      readonly mappingId: string;
      readonly shardId: string;
      readonly errorType: string;
      readonly errorMessage: string;
    }
  | {
      /** A request to a queue failed with an error that may be transient, and is sent again. */
      readonly type: 'queue-request-retried';
      readonly mappingId: string;
      readonly queueName: string;
      readonly request: 'receive' | 'delete' | 'makeVisible' | 'count';
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
      /** What the on-failure destination of a mapping has got, or would have got if it existed here. */
      readonly type: 'destination-document';
      readonly mappingId: string;
      readonly functionId: string;
      readonly destination: { readonly kind: 'sqs' | 'sns' | 's3'; readonly arn: string };
      /** JSON text: metadata for queues and topics, with the whole invocation for buckets. */
      readonly document: string;
      /** Key of the object, for buckets only. */
      readonly objectKey?: string;
      /** Address of the queue that it was sent to; absent where nothing was sent. */
      readonly queueUrl?: string;
    }
  | {
      /** A queue did not take a document; it is sent again a few times. */
      readonly type: 'delivery-failed';
      readonly mappingId: string;
      readonly functionId: string;
      readonly destination: { readonly kind: 'sqs' | 'sns' | 's3'; readonly arn: string };
      readonly errorType: string;
      readonly errorMessage: string;
    };
