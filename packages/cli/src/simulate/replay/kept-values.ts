import type { FaultId } from '@oncefold/simulator';
import { type FaultKind, faultKinds } from '@oncefold/simulator/fault-kinds';
import { InvalidArgumentError } from 'commander';

/** What stands for an empty list: a history can go wrong without any fault. */
export const NOTHING = 'none';

/**
 * Reads the faults that are kept: kinds with the numbers of their chances.
 *
 * @returns the faults, as a scenario has them; none for `none`
 */
export function parseKeptFaults(text: string): readonly FaultId[] {
  return listOf(text).map((fault) => {
    const [, kind = '', chance] = /^([a-z-]+):(0|[1-9]\d{0,8})$/.exec(fault) ?? [];
    if (chance === undefined || !isFaultKind(kind)) {
      throw new InvalidArgumentError(
        `${JSON.stringify(fault)} is not a fault of a history: give ${NOTHING}, or faults such as reply-lost:3 (the fourth chance to lose a reply).`,
      );
    }
    return `${kind}:${Number(chance)}` as const;
  });
}

/**
 * Reads the records that are kept, by their numbers in the load.
 *
 * @returns the numbers; none for `none`
 */
export function parseKeptRecords(text: string): readonly number[] {
  return listOf(text).map((number) => {
    if (!/^\d{1,9}$/.test(number)) {
      throw new InvalidArgumentError(
        `${JSON.stringify(number)} is not the number of a record: give ${NOTHING}, or numbers such as 1,4.`,
      );
    }
    return Number(number);
  });
}

function listOf(text: string): readonly string[] {
  const values = text === NOTHING ? [] : text.split(',').map((value) => value.trim());
  if (new Set(values).size !== values.length) {
    throw new InvalidArgumentError('A name or number is given twice.');
  }
  return values;
}

function isFaultKind(name: string): name is FaultKind {
  return faultKinds.some((kind) => kind === name);
}
