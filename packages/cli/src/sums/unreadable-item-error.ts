/** An item of a table cannot be read; the message names its key. */
export class UnreadableItemError extends Error {
  override readonly name = 'UnreadableItemError';
  readonly code = 'unreadable-item';

  /** @param options - `cause`: the error underneath, where there is one */
  constructor(table: string, key: string, reason: string, options?: { readonly cause?: unknown }) {
    super(`${table} holds an item that cannot be read, ${JSON.stringify(key)}: ${reason}`, options);
  }
}
