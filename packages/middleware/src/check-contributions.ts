import { type Action, type Put, StrategyError } from '@oncefold/commit';
import type { Contribution } from '@oncefold/reducer';

/** What a fold returns for one record. */
export interface RecordContribution {
  /** What the record adds; an empty map adds nothing. */
  readonly contribution: Contribution;
  /** Writes that belong to the record alone, for example its quarantine; committed with it, in its transaction. */
  readonly writes?: readonly Action[] | undefined;
  /** Puts that are made before the record's transaction, because they may not fit into it. */
  readonly preparatoryWrites?: readonly Put[] | undefined;
}

/** Longest partition key of DynamoDB, in UTF-8 bytes. */
const KEY_BYTES_MAX = 2_048;

/** As much of a key as a message shows. */
const SHOWN_MAX = 80;

/**
 * Checks what a fold returned, and takes of it what a fold may say; anything else that is on the elements is left out.
 *
 * @param answer - what the fold, or the last middleware around it, returned
 * @param recordCount - records in the event
 * @returns one element per record
 * @throws {@link StrategyError} when it is anything else; the message names the record, the key and what came
 */
export function checkContributions(answer: unknown, recordCount: number): readonly RecordContribution[] {
  if (!Array.isArray(answer)) {
    throw new StrategyError(
      `the fold must return a list with one element per record, and nothing may answer in its place: it returned ${kindOf(answer)}`,
    );
  }
  if (answer.length !== recordCount) {
    throw new StrategyError(
      `the fold must return one element per record: ${recordCount} records, ${answer.length} elements`,
    );
  }
  const owners = new Map<unknown, number>();
  return Array.from(answer, (element: unknown, index) => checkElement(element, index, owners));
}

function checkElement(element: unknown, index: number, owners: Map<unknown, number>): RecordContribution {
  if (typeof element !== 'object' || element === null) {
    throw new StrategyError(`record ${index}: the fold returned ${kindOf(element)}, not { contribution }`);
  }
  const { contribution, writes, preparatoryWrites } = element as Partial<RecordContribution>;
  if (!(contribution instanceof Map)) {
    throw new StrategyError(
      `record ${index}: contribution must be a Map from aggregate key to decimal, not ${kindOf(contribution)}`,
    );
  }
  const owner = owners.get(contribution);
  if (owner !== undefined && contribution.size > 0) {
    throw new StrategyError(
      `records ${owner} and ${index} share one Map: give each record its own, or what is added to it counts for every record`,
    );
  }
  owners.set(contribution, index);
  for (const [key, value] of contribution) {
    checkEntry(key, value, index);
  }
  for (const list of [writes, preparatoryWrites]) {
    if (list !== undefined && !Array.isArray(list)) {
      throw new StrategyError(`record ${index}: writes must be a list of actions, not ${kindOf(list)}`);
    }
  }
  return { contribution, writes, preparatoryWrites };
}

function checkEntry(key: unknown, value: unknown, index: number): void {
  if (
    typeof key !== 'string' ||
    key === '' ||
    !key.isWellFormed() ||
    Buffer.byteLength(key) > KEY_BYTES_MAX
  ) {
    const what = typeof key === 'string' ? JSON.stringify(key.slice(0, SHOWN_MAX)) : kindOf(key);
    throw new StrategyError(
      `record ${index}: an aggregate key must be well-formed text of 1 to ${KEY_BYTES_MAX} bytes, not ${what}`,
    );
  }
  if (typeof value !== 'bigint') {
    throw new StrategyError(
      `record ${index}, key ${JSON.stringify(key.slice(0, SHOWN_MAX))}: the value must be a decimal of parseDecimal, not ${kindOf(value)}`,
    );
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (typeof value === 'object') {
    return `an object (${value.constructor?.name ?? 'without a prototype'})`;
  }
  return `a ${typeof value}`;
}
