/** An item stands in a table in a form that nobody could have folded; it is named so that it can be looked at. */
export class UnreadableItemError extends Error {
  readonly code = 'unreadable-item';
  readonly retryable = false;

  /**
   * @param table - The table that holds the item.
   * @param key - The item's key.
   * @param reason - What is wrong with it.
   * @param options - `cause`: the error underneath, where there is one.
   */
  constructor(table: string, key: string, reason: string, options?: { readonly cause?: unknown }) {
    super(`${table} holds an item that cannot be read, ${JSON.stringify(key)}: ${reason}`, options);
    this.name = 'UnreadableItemError';
  }
}
