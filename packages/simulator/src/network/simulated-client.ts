/** What is used of an SDK client: commands are sent to it. Callers that want the command's own answer take the SDK's type. */
export interface SimulatedClient {
  readonly send: (command: unknown, options?: { readonly abortSignal?: AbortSignal }) => Promise<unknown>;
}
