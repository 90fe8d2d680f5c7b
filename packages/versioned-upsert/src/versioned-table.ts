import { assertKnownOptions } from '@oncefold/commit';
import {
  type ComparableVersion,
  createItemForm,
  type ItemForm,
  type ItemFormOptions,
  type WritableVersion,
} from './item-form.ts';
import type { ConditionalWrite, WriteResult } from './upsert-in-order.ts';

/**
 * A table that takes versions of items: at most one per item, and versions only go up.
 *
 * @typeParam Version - the versions that it takes
 */
export interface VersionedTable<Version = unknown> {
  readonly form: ItemForm;
  /** How many writes one call takes. */
  readonly writesMax: number;
  /**
   * Writes versions of different items. Each write is decided alone and atomically, whatever others do at the same time.
   *
   * @param writes - 1 to `writesMax` writes, each of another item
   * @returns one result per write, in their order
   */
  write(
    writes: readonly ConditionalWrite<WritableVersion>[],
    signal: AbortSignal,
  ): Promise<readonly WriteResult<ComparableVersion>[]>;
  /** Only for the compiler. */
  readonly takes?: (version: Version) => void;
}

const FORM_OPTIONS: readonly (keyof ItemFormOptions)[] = ['key', 'version', 'attributes', 'tombstone', 'now'];

/** Checks the options of a table, those of its adapter among them, and makes the form of its items. */
export function itemFormOf(owner: string, options: ItemFormOptions, own: readonly string[] = []): ItemForm {
  assertKnownOptions(owner, options, {
    known: [...own, ...FORM_OPTIONS],
    required: [...own, 'key', 'version', 'attributes'],
  });
  for (const part of ['version', 'tombstone'] as const) {
    const given = options[part] ?? {};
    const known = part === 'version' ? ['name', 'type', 'bytes'] : ['attribute', 'expiry'];
    assertKnownOptions(`${owner}: ${part}`, given, { known, required: [] });
  }
  assertKnownOptions(`${owner}: tombstone.expiry`, options.tombstone?.expiry ?? {}, {
    known: ['attribute', 'afterSeconds'],
    required: [],
  });
  return createItemForm(options);
}
