/** What `oncefold check` takes. */
export interface CheckOptions {
  readonly dynamodbEndpoint?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly stateTable: string;
  readonly aggregateTable: string;
  readonly accountingTable: string;
  readonly hierarchyDimensions: readonly string[];
  readonly json: boolean;
}
