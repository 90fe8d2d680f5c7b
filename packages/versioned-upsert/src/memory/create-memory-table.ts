import {
  type ComparableVersion,
  differenceOf,
  type Item,
  type ItemFormOptions,
  type ItemVersion,
  type WritableVersion,
} from '../item-form.ts';
import type { ConditionalWrite, WriteResult } from '../upsert-in-order.ts';
import { itemFormOf, type VersionedTable } from '../versioned-table.ts';

/** As in DynamoDB. */
const WRITES_MAX = 25;

/** A table in memory, with a view of what it holds. */
export interface MemoryTable<Version> extends VersionedTable<Version> {
  /** All items, tombstones among them, in the order in which they first came. */
  items(): readonly Item[];
}

/**
 * Makes a table of versioned items in memory, for tests: the same options and the same answers as `versionedTable`.
 *
 * @param options - as for `versionedTable`, without client and name
 * @throws {@link StrategyError} when an option is missing, unknown or unusable
 */
export function createMemoryTable<const Options extends ItemFormOptions>(
  options: Options,
): MemoryTable<ItemVersion<Options>> {
  const form = itemFormOf('createMemoryTable', options);
  const items = new Map<string, Item>();
  const writeOne = ({
    mode,
    version: { keyText, key, version, set, remove, order },
  }: ConditionalWrite<WritableVersion>): WriteResult<ComparableVersion> => {
    const item = items.get(keyText);
    if (mode === 'insert' ? item !== undefined : item === undefined) {
      return { code: mode === 'insert' ? 'exists' : 'absent' };
    }
    const existing = item && form.readItem(item);
    if (existing !== undefined && differenceOf(existing.order, order) >= 0) {
      return { code: 'kept', existing };
    }
    const kept = Object.entries(item ?? {}).filter(([name]) => !remove.includes(name));
    items.set(keyText, { ...Object.fromEntries(kept), ...key, [form.versionName]: version, ...set });
    return { code: 'written' };
  };
  return {
    form,
    writesMax: WRITES_MAX,
    items: () => [...items.values()],
    write: async (writes, signal) => {
      if (writes.length === 0 || writes.length > WRITES_MAX) {
        throw new RangeError(`A call takes 1 to ${WRITES_MAX} writes.`);
      }
      if (signal.aborted) {
        return writes.map(() => ({ code: 'unavailable', reason: 'AbortError' }));
      }
      return writes.map(writeOne);
    },
  };
}
