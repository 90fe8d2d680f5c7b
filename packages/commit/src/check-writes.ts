import { isDeepStrictEqual } from 'node:util';
import { sizeOf, whyUnsendable } from './assert-sendable.ts';
import { WRITE_BYTES_MAX } from './cut-prefix.ts';
import { WriteRefusedError } from './errors.ts';
import type { CommitRecord } from './strategy.ts';
import { ACTIONS_MAX, type Action, itemName, type Put } from './transaction-port.ts';

/**
 * Refuses writes of records that no store takes, before anything is sent.
 *
 * @throws {@link WriteRefusedError} when an action has an unknown type, or is not what its type says
 */
export function assertWrites(records: readonly CommitRecord[]): void {
  /** Records may share their writes. */
  const checked = new Set<unknown>();
  for (const [recordIndex, { writes = [], preparatoryWrites = [] }] of records.entries()) {
    const refuse = (action: unknown, fault: string): never => {
      throw new WriteRefusedError(`a write of record ${recordIndex} is refused: ${fault}`, {
        recordIndex,
        action,
      });
    };
    for (const [list, mustPut] of [
      [writes, false],
      [preparatoryWrites, true],
    ] as const) {
      if (checked.has(list)) {
        continue;
      }
      checked.add(list);
      for (const action of list as readonly Action[]) {
        const fault = whyUnsendable(action);
        if (fault !== undefined) {
          refuse(action, fault);
        }
        if (mustPut && action.type !== 'put') {
          refuse(action, `preparatoryWrites are puts, not ${action.type}`);
        }
      }
    }
  }
}

/** Cuts a record's preparatory writes into portions that fit into a transaction each. */
export function preparationsOf({ preparatoryWrites = [] }: CommitRecord): readonly (readonly Put[])[] {
  const portions: Map<string, Put>[] = [];
  let bytes = 0;
  for (const put of preparatoryWrites) {
    const [name, size] = [itemName(put), sizeOf(put)];
    const last = portions.at(-1);
    if (last !== undefined && isDeepStrictEqual(last.get(name), put)) {
      continue;
    }
    if (last === undefined || last.has(name) || last.size === ACTIONS_MAX || bytes + size > WRITE_BYTES_MAX) {
      portions.push(new Map([[name, put]]));
      bytes = size;
    } else {
      last.set(name, put);
      bytes += size;
    }
  }
  return portions.map((portion) => [...portion.values()]);
}
