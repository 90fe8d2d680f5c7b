/** Where a new mapping begins to read. AT_TIMESTAMP is for Kinesis only. */
export type StartingPosition = 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';

/** The stream that is read. */
export interface MappingSource {
  readonly kind: 'kinesis' | 'dynamodb';
  /** ARN of the Kinesis stream or of the table's stream; each record carries it as `eventSourceARN`. */
  readonly arn: string;
  readonly region: string;
  /** ARN of the function's execution role; Kinesis records carry it. */
  readonly invokeIdentityArn?: string | undefined;
}

/** One event pattern as JSON text, as `FilterCriteria.Filters[].Pattern` has it. */
export interface FilterPattern {
  readonly pattern: string;
}

/**
 * The settings of a mapping, named as Lambda names them, in camel case.
 *
 * Ranges and defaults are those of the CreateEventSourceMapping API.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export interface MappingSettings {
  readonly source: MappingSource;
  readonly functionArn: string;
  /** The mapping's UUID; part of an S3 destination's object key. Default: made from `random`. */
  readonly mappingId?: string | undefined;
  /** Most records in one event, 1 to 10,000. Default 100. */
  readonly batchSize?: number | undefined;
  /** Longest time to gather a batch, 0 to 300 seconds. Default 0: invoke as soon as there are records. */
  readonly maximumBatchingWindowInSeconds?: number | undefined;
  readonly startingPosition: StartingPosition;
  /** Epoch seconds, fractions allowed; needed with AT_TIMESTAMP and refused without. */
  readonly startingPositionTimestamp?: number | undefined;
  /** Retries after a failed invocation, 0 to 10,000, or -1 (the default) for until the records expire. */
  readonly maximumRetryAttempts?: number | undefined;
  /** Oldest record that is still delivered, 60 to 604,800 seconds, or -1 (the default) for the stream's retention. */
  readonly maximumRecordAgeInSeconds?: number | undefined;
  /** Split a failed batch in two and retry each half. Default false. */
  readonly bisectBatchOnFunctionError?: boolean | undefined;
  /** `['ReportBatchItemFailures']` to honour partial batch responses. Default none. */
  readonly functionResponseTypes?: readonly 'ReportBatchItemFailures'[] | undefined;
  /** Batches of one shard that may run at once, 1 to 10; order is then kept per partition key. Default 1. */
  readonly parallelizationFactor?: number | undefined;
  /** Length of a tumbling window, 1 to 900 seconds; 0 (the default) for none. */
  readonly tumblingWindowInSeconds?: number | undefined;
  /** Records that match none of the patterns are dropped. Default: no filter. */
  readonly filterCriteria?: { readonly filters: readonly FilterPattern[] } | undefined;
  /** Where metadata (SQS, SNS) or whole invocations (S3) of discarded batches go: a queue's, topic's or bucket's ARN. */
  readonly destinationConfig?:
    | { readonly onFailure?: { readonly destination: string } | undefined }
    | undefined;
  /** What AWS leaves open or does not let anyone set. */
  readonly behaviour?: Partial<ServiceBehaviour> | undefined;
}

/**
 * What AWS leaves open, or fixes without a setting; here each is a parameter.
 *
 * The defaults are AWS's where AWS documents a value and short ones, fit for a local run, where it does not.
 */
export interface ServiceBehaviour {
  /** Pause before the next read of a shard that had nothing more, in milliseconds. AWS: 1,000 for Kinesis, 250 for DynamoDB (the defaults). */
  readonly pollIntervalMs: number;
  /** Pause between two listings of the stream's shards, in milliseconds. Undocumented by AWS; default 10,000. */
  readonly shardListIntervalMs: number;
  /** Most records that one read asks for. Default 10,000 for Kinesis, 1,000 for DynamoDB: the APIs' limits. */
  readonly readLimit: number;
  /** Records that may wait per shard before reading pauses. Default: two batches per parallel lane, and at least one read. */
  readonly bufferedRecordsMax: number;
  /** Bytes of event text that may wait per shard before reading pauses. Default 12 MiB per parallel lane. */
  readonly bufferedBytesMax: number;
  /** Size limit of an event, in bytes. Default 6 MiB (6,291,456), AWS's limit. */
  readonly payloadBytesMax: number;
  /** First back-off after a failed or throttled invocation, in milliseconds. AWS documents none; default 100. */
  readonly backoffBaseMs: number;
  /** Longest back-off, in milliseconds. AWS documents none; default 5,000. */
  readonly backoffLimitMs: number;
  /** How long the source keeps a record, in seconds: the age limit where none is set. Default 86,400. */
  readonly retentionSeconds: number;
  /** How long after its end a window without new records is kept open, in milliseconds. AWS: up to 120,000 (the default). */
  readonly windowQuietMs: number;
  /** Largest state of a tumbling window, in bytes of JSON. AWS: 1 MB; default 1,048,576. */
  readonly windowStateBytesMax: number;
  /** Does the last event of a window carry its last records, or none? Undocumented; default 'without-records'. */
  readonly finalInvocation: 'without-records' | 'with-records';
  /** Is a failed batch sent again as it was, or cut anew (another size, fresh records added)? AWS promises neither; default 'same'. */
  readonly retryGrouping: 'same' | 'recut';
  /** Does a partial response that moved the checkpoint start the retries anew? Undocumented; default 'continue'. */
  readonly retriesAfterProgress: 'continue' | 'restart';
  /** What a well-formed but unknown item identifier means. Undocumented for streams; default 'whole-batch' (fails it). 'position' resumes at the first record at or after it. */
  readonly unknownItemIdentifier: 'whole-batch' | 'position';
  /** What an answer that is no batch response at all (a text, a list) means with ReportBatchItemFailures. Undocumented for streams; default 'failure'. */
  readonly malformedResponse: 'failure' | 'success';
  /** With bisect and a partial response that reports the very first record: halve the batch, or send it again whole and use up a retry? Undocumented; default 'halve'. */
  readonly reportAtFirstRecord: 'halve' | 'retry-whole';
  /** How coarse the source's arrival times are, in milliseconds; ages count from the end of that span. Default 0; DynamoDB Local cuts to 60,000. */
  readonly arrivalResolutionMs: number;
  /** Times that a document is offered to the destination before it is given up and counted. Undocumented; default 3. */
  readonly destinationAttemptsMax: number;
  /** Finished batches per shard that are kept for a `redeliver` input. Costs their memory; default 0. */
  readonly rememberedBatchesMax: number;
}
