/** Where an application stands. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** Values that are known once the application is deployed, by logical id; nested ones as `Workshop/RoundsTable`. */
export interface DeployedValues {
  /** ARNs of tables' streams. */
  readonly streamArns?: ReadonlyMap<string, string>;
  /** Addresses of queues. */
  readonly queueUrls?: { get(logicalId: string): string | undefined };
}
