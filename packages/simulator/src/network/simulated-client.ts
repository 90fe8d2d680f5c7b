/** What is used of an SDK client: commands are sent to it. */
export interface SimulatedClient {
  // biome-ignore lint/suspicious/noExplicitAny: each command has an answer of its own; callers take the SDK's own type
  readonly send: (command: any, options?: any) => Promise<any>;
}
