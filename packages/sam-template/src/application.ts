import type { CreateTableCommandInput, StreamViewType } from '@aws-sdk/client-dynamodb';

/** What a template asks for, with every parameter, condition and reference resolved to local names. */
export interface Application {
  readonly functions: readonly FunctionResource[];
  readonly tables: readonly TableResource[];
  readonly streams: readonly StreamResource[];
  readonly queues: readonly QueueResource[];
  readonly mappings: readonly MappingResource[];
  /** Everything that the template asks for and that does not exist locally; never silently dropped. */
  readonly unsupported: readonly UnsupportedFeature[];
  /** Everything that the template asks for and that has no meaning on one machine, such as rights and tags. */
  readonly ignored: readonly IgnoredPart[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** A Lambda function (`AWS::Serverless::Function` or `AWS::Lambda::Function`). */
export interface FunctionResource {
  readonly logicalId: string;
  readonly functionName: string;
  /** `file.export`, as Lambda reads it; `bootstrap` for a `provided` runtime that the template gives none. */
  readonly handler: string;
  /** Directory of the code as the template gives it, relative to the template; empty for code that is not a local directory. */
  readonly codeUri: string;
  /** Text of the one file `index` that is the code of a function whose code is in the template. */
  readonly inlineCode?: string;
  /** Directories of layers in their order, relative to the template as {@link FunctionResource.codeUri} is. */
  readonly layers: readonly string[];
  readonly runtime: string;
  readonly timeoutSeconds: number;
  /** Mebibytes. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Absent when the function shares the account's concurrency. */
  readonly reservedConcurrency?: number;
}

/** A DynamoDB table (`AWS::DynamoDB::Table`, `AWS::DynamoDB::GlobalTable` or `AWS::Serverless::SimpleTable`). */
export interface TableResource {
  readonly logicalId: string;
  readonly tableName: string;
  /** What CreateTable takes; its `TableName` is {@link TableResource.tableName}. */
  readonly definition: CreateTableCommandInput;
  /** Name of the attribute that holds the expiry in epoch seconds, when time to live is enabled. */
  readonly timeToLiveAttribute?: string;
  /** Absent when the table has no stream. */
  readonly streamViewType?: StreamViewType;
}

/** A Kinesis data stream (`AWS::Kinesis::Stream`). */
export interface StreamResource {
  readonly logicalId: string;
  readonly streamName: string;
  /** Shards to create; a stream in on-demand mode starts with as many as AWS gives it. */
  readonly shardCount: number;
  /** How long the stream keeps a record, 24 to 8,760; local streams keep all. */
  readonly retentionHours: number;
}

/** An SQS queue (`AWS::SQS::Queue`). */
export interface QueueResource {
  readonly logicalId: string;
  /** Ends with `.fifo` when the queue is one. */
  readonly queueName: string;
  readonly isFifo: boolean;
  readonly contentBasedDeduplication: boolean;
  /** 0 to 43,200. */
  readonly visibilityTimeoutSeconds: number;
  /** 60 to 1,209,600. */
  readonly messageRetentionSeconds: number;
  /** 0 to 900. */
  readonly delaySeconds: number;
  /** 0 to 20. */
  readonly receiveMessageWaitSeconds: number;
  /** Bytes, 1,024 to 1,048,576; absent for what the service allows. */
  readonly maximumMessageSize?: number;
  /** Absent when messages are received for ever. */
  readonly redrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

/** An event source mapping from a stream or a queue to a function. */
export type MappingResource = StreamMapping | QueueMapping;

interface FunctionTarget {
  readonly logicalId: string;
  readonly functionLogicalId: string;
  /** Alias or version that is invoked; absent for the function itself. */
  readonly functionQualifier?: string;
}

/** An event source mapping from a stream to a function. */
export interface StreamMapping extends FunctionTarget {
  readonly source: StreamSource;
  readonly settings: MappingSettings;
}

/** An event source mapping from a queue to a function. */
export interface QueueMapping extends FunctionTarget {
  readonly source: QueueSource;
  readonly settings: QueueMappingSettings;
}

/** The stream of a mapping: a Kinesis stream, or the stream of a table. */
export interface StreamSource {
  readonly kind: 'kinesis' | 'dynamodb';
  readonly logicalId: string;
  /** ARN of the consumer with enhanced fan-out that the mapping reads through; events name it instead of the stream. */
  readonly consumerArn?: string;
}

/** The queue of a mapping. */
export interface QueueSource {
  readonly kind: 'sqs';
  readonly logicalId: string;
}

/** Settings of an event source mapping from a stream with Lambda's names and Lambda's defaults filled in. */
export interface MappingSettings {
  readonly enabled: boolean;
  /** Records, 1 to 10,000. */
  readonly batchSize: number;
  /** Seconds, 0 to 300. */
  readonly maximumBatchingWindowInSeconds: number;
  /** Batches of one shard at a time, 1 to 10. */
  readonly parallelizationFactor: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** Epoch seconds; present exactly when the position is `AT_TIMESTAMP`. */
  readonly startingPositionTimestamp?: number;
  /** 0 to 10,000, or -1 for retries until the record expires. */
  readonly maximumRetryAttempts: number;
  /** Seconds, 60 to 604,800, or -1 for records of any age. */
  readonly maximumRecordAgeInSeconds: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly functionResponseTypes: readonly 'ReportBatchItemFailures'[];
  /** Seconds, 1 to 900, or 0 for none. */
  readonly tumblingWindowInSeconds: number;
  /** Event patterns as JSON text; a record that matches one of them passes. Absent when every record passes. */
  readonly filterCriteria?: { readonly filters: readonly { readonly pattern: string }[] };
  /** Where batches go that are given up; absent when nowhere. */
  readonly destinationConfig?: { readonly onFailure: { readonly destination: string } };
}

/** Settings of an event source mapping from a queue with Lambda's names and Lambda's defaults filled in. */
export interface QueueMappingSettings {
  readonly enabled: boolean;
  /** Messages, 1 to 10,000; 10 at most from a FIFO queue. */
  readonly batchSize: number;
  /** Seconds, 0 to 300. */
  readonly maximumBatchingWindowInSeconds: number;
  readonly functionResponseTypes: readonly 'ReportBatchItemFailures'[];
  /** Invocations at a time, 2 to 1,000; absent for as many as the function can take. */
  readonly maximumConcurrency?: number;
  /** Event patterns as JSON text; a message that matches one of them passes. Absent when every message passes. */
  readonly filterCriteria?: { readonly filters: readonly { readonly pattern: string }[] };
}

/** Says whether a mapping reads a stream, so that it has a stream's settings. */
export function isStreamMapping(mapping: MappingResource): mapping is StreamMapping {
  return mapping.source.kind !== 'sqs';
}

/** A kind of resource, or a property of it, that has no meaning on one machine. */
export interface IgnoredPart {
  readonly type: string;
  /** Absent when it is the whole resource. */
  readonly property?: string;
  readonly logicalIds: readonly string[];
}

/** Something in the template that has no local counterpart. */
export interface UnsupportedFeature {
  readonly logicalId: string;
  /** One sentence without a stop, such as `AWS::SQS::Queue is not emulated`. */
  readonly what: string;
}
