/** A Kinesis record as Lambda sends it. */
export interface KinesisEventRecord {
  readonly kinesis: {
    readonly kinesisSchemaVersion: '1.0';
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Base64 text. */
    readonly data: string;
    /** Epoch seconds with milliseconds as the fraction. */
    readonly approximateArrivalTimestamp: number;
  };
  readonly eventSource: 'aws:kinesis';
  readonly eventVersion: '1.0';
  /** `shardId-000000000000:<sequence number>`. */
  readonly eventID: string;
  readonly eventName: 'aws:kinesis:record';
  readonly invokeIdentityArn: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
}

/** Values of an image in DynamoDB's JSON form; binary values are base64 text. */
export type EventAttributes = Readonly<Record<string, unknown>>;

/** A DynamoDB stream record as Lambda sends it. */
export interface DynamoDbEventRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys?: EventAttributes;
    readonly NewImage?: EventAttributes;
    readonly OldImage?: EventAttributes;
    readonly SequenceNumber: string;
    readonly SizeBytes?: number;
    readonly StreamViewType?: string;
  };
  /** Present when the service itself removed the item: time to live. */
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
  readonly eventSourceARN: string;
}

export type LambdaEventRecord = KinesisEventRecord | DynamoDbEventRecord;

/** The event of an ordinary invocation. */
export interface StreamEvent {
  readonly Records: readonly LambdaEventRecord[];
}

/**
 * The event of an invocation within a tumbling window.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 */
export interface TimeWindowEvent extends StreamEvent {
  /** ISO 8601, whole seconds: `2020-12-09T07:04:00Z`. */
  readonly window: { readonly start: string; readonly end: string };
  /** What the previous invocation of the window returned; `{}` at first. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly shardId: string;
  readonly eventSourceARN: string;
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}
