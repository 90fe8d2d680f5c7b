import { isDeepStrictEqual } from 'node:util';
import { sizeOf, whyUnsendable } from './assert-sendable.ts';
import { WRITE_BYTES_MAX } from './cut-prefix.ts';
import type { Effect } from './effect.ts';
import { StrategyError, WriteRefusedError } from './errors.ts';
import type { CommitRecord } from './strategy.ts';
import { ACTIONS_MAX, type Action, itemName, type Put } from './transaction-port.ts';

/**
 * Refuses what no store takes, and what the effect does not, before anything is sent.
 *
 * @param indexOf - the record's place in the batch, for errors
 * @throws {@link StrategyError} when the effect refuses what a record adds
 * @throws {@link WriteRefusedError} when an action has an unknown type, or is not what its type says
 */
export function assertRecords(
  records: readonly CommitRecord[],
  { effect, indexOf }: { readonly effect: Effect; readonly indexOf: (record: CommitRecord) => number },
): void {
  const [checkedWrites, checkedPuts] = [new Set<unknown>(), new Set<unknown>()];
  for (const record of records) {
    for (const [key, sum] of record.contribution) {
      const refusal = effect.whyRefused(key, sum);
      if (refusal !== undefined) {
        throw new StrategyError(`record ${indexOf(record)}: ${refusal.reason}`);
      }
    }
    for (const action of unchecked(record.writes, checkedWrites)) {
      const fault = whyUnsendable(action);
      if (fault !== undefined) {
        throw refusalOf(action, fault, indexOf(record));
      }
    }
    for (const action of unchecked(record.preparatoryWrites, checkedPuts)) {
      const fault = whyUnsendable(action) ?? whyNoPut(action);
      if (fault !== undefined) {
        throw refusalOf(action, fault, indexOf(record));
      }
    }
  }
}

/** Records may share their writes, and most have none. */
function unchecked(list: readonly Action[] | undefined, checked: Set<unknown>): readonly Action[] {
  if (list === undefined || checked.has(list)) {
    return NONE;
  }
  checked.add(list);
  return list;
}

const NONE: readonly Action[] = [];

function whyNoPut(action: Action): string | undefined {
  return action.type === 'put' && action.condition === undefined
    ? undefined
    : 'preparatoryWrites are puts without a condition';
}

function refusalOf(action: unknown, fault: string, recordIndex: number): WriteRefusedError {
  return new WriteRefusedError(`a write of record ${recordIndex} is refused: ${fault}`, {
    recordIndex,
    action,
  });
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
