/** An invocation of a function by one of its event source mappings, when it has ended. */
export interface ObservedInvocation {
  /** Logical id of the function in the template. */
  readonly functionId: string;
  /** Logical id of the event source mapping. */
  readonly mappingId: string;
  readonly shardId: string;
  /** The id that the function sees as `awsRequestId`. */
  readonly requestId: string;
  /** Which attempt at this batch it was, from 1. */
  readonly attempt: number;
  /** The records of the event, as the function got them. */
  // biome-ignore lint/suspicious/noExplicitAny: records have the shape of their source, which a test knows and this type does not
  readonly records: readonly any[];
  readonly outcome: 'succeeded' | 'failed';
  /** What the function answered, parsed; absent when it failed. */
  readonly response?: unknown;
  /** How many records the function reported in `batchItemFailures`. */
  readonly itemFailures: number;
  /** Absent when it succeeded. */
  readonly error?: ObservedError;
  /** When it ended, in milliseconds since the epoch. */
  readonly endedAt: number;
  readonly durationMs: number;
}

export interface ObservedError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** A line that a function wrote. */
export interface ObservedLogLine {
  /** Logical id of the function in the template. */
  readonly functionId: string;
  readonly output: 'stdout' | 'stderr';
  readonly line: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What the on-failure destination of a mapping has got, or would have got if it existed here. */
export interface ObservedDestinationDocument {
  /** Logical id of the function in the template. */
  readonly functionId: string;
  /** Logical id of the event source mapping. */
  readonly mappingId: string;
  readonly kind: 'sqs' | 'sns' | 's3';
  readonly arn: string;
  /** Key of the object, for buckets only. */
  readonly objectKey?: string;
  /** Address of the queue that it was sent to; absent where nothing was sent. */
  readonly queueUrl?: string;
  /** The document, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the source of the batch and the kind of destination
  readonly document: any;
}
