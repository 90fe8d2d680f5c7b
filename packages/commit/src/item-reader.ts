import type { Item, ItemKey } from './transaction-port.ts';

/**
 * What {@link redrive} reads with. Strategies themselves read nothing.
 *
 * What it says is taken for certain: an item that it does not return does not exist.
 */
export interface ItemReader {
  /**
   * Reads items of one table consistently.
   *
   * @param keys - different keys, all with the same attributes
   * @returns one item per key, in their order; undefined where there is none
   * @throws when it cannot be told of every key
   */
  read(keys: readonly ItemKey[]): Promise<readonly (Item | undefined)[]>;
}
