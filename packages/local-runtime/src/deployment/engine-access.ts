/** Where the engines are and how functions and readers sign their requests. */
export interface EngineAccess {
  readonly dynamodb: string;
  /** Address of DynamoDB Streams under the ARNs that functions see. */
  readonly dynamodbStreams: string;
  readonly kinesis: string;
  /** Address of Invoke, for functions that invoke others; without it they would go to AWS. */
  readonly lambda?: string | undefined;
  /** Absent for an application without queues. */
  readonly sqs?: string | undefined;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
}
