/** Where the engines are and how functions and readers sign their requests. */
export interface EngineAccess {
  /** Address of DynamoDB, and of its streams. */
  readonly dynamodb: string;
  readonly kinesis: string;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
}
