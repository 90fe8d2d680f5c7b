import type { CreateTableCommandInput, StreamViewType } from '@aws-sdk/client-dynamodb';

/** What a template asks for, with every parameter, condition and reference resolved to local names. */
export interface Application {
  readonly functions: readonly FunctionResource[];
  readonly tables: readonly TableResource[];
  readonly streams: readonly StreamResource[];
  readonly mappings: readonly MappingResource[];
  /** Everything that the template asks for and that does not exist locally; never silently dropped. */
  readonly unsupported: readonly UnsupportedFeature[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** A Lambda function (`AWS::Serverless::Function` or `AWS::Lambda::Function`). */
export interface FunctionResource {
  readonly logicalId: string;
  readonly functionName: string;
  /** `file.export`, as Lambda reads it. */
  readonly handler: string;
  /** Directory of the code as the template gives it, relative to the template; empty for code that is not a local directory. */
  readonly codeUri: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  /** Mebibytes. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Absent when the function shares the account's concurrency. */
  readonly reservedConcurrency?: number;
}

/** A DynamoDB table (`AWS::DynamoDB::Table` or `AWS::Serverless::SimpleTable`). */
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

/** An event source mapping from a stream to a function. */
export interface MappingResource {
  readonly logicalId: string;
  readonly functionLogicalId: string;
  readonly source: MappingSource;
  readonly settings: MappingSettings;
}

/** The stream of a mapping: a Kinesis stream, or the stream of a table. */
export interface MappingSource {
  readonly kind: 'kinesis' | 'dynamodb';
  readonly logicalId: string;
}

/** Settings of an event source mapping with Lambda's names and Lambda's defaults filled in. */
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

/** Something in the template that has no local counterpart. */
export interface UnsupportedFeature {
  readonly logicalId: string;
  /** One sentence without a stop, such as `AWS::SQS::Queue is not emulated`. */
  readonly what: string;
}
