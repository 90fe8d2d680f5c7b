/** Where the tables and streams of an application were created. Keys are logical ids. */
export interface Deployment {
  readonly tables: ReadonlyMap<string, DeployedTable>;
  readonly streams: ReadonlyMap<string, DeployedStream>;
}

/** A table on the local engine. */
export interface DeployedTable {
  readonly tableName: string;
  readonly tableArn: string;
  /** What DynamoDB Streams takes as `StreamArn`; absent when the table has no stream. */
  readonly streamArn?: string;
}

/** A Kinesis stream on the local engine. */
export interface DeployedStream {
  readonly streamName: string;
  readonly streamArn: string;
}
