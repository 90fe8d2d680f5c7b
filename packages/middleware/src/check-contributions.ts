import {
  type Action,
  type CommitRecord,
  type Put,
  type Replacement,
  StrategyError,
  type Sum,
} from '@oncefold/commit';
import { type Contribution, mergeContributions } from '@oncefold/reducer';

/** What one record adds and writes. */
export interface RecordContribution<Value extends Sum = Sum> {
  /** What the record adds; an empty map adds nothing. */
  readonly contribution: Contribution<Value>;
  /** Writes that belong to the record alone, for example its quarantine; committed with it, in its transaction. */
  readonly writes?: readonly Action[] | undefined;
  /** Puts that are made before the record's transaction, because they may not fit into it. */
  readonly preparatoryWrites?: readonly Put[] | undefined;
  /** Says what is committed in place of a record whose content cannot be committed, for example its quarantine. */
  readonly onRefused?: CommitRecord['onRefused'];
}

/** What a fold returns for one record; several contributions are added up. */
export type FoldedRecord = Omit<RecordContribution, 'contribution'> & {
  readonly contribution: Contribution<Sum> | readonly Contribution<Sum>[];
};

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

/**
 * Checks what is committed in place of a record.
 *
 * @param index - the record's place in the batch, for errors
 * @throws {@link StrategyError} when it is no part of a contribution
 */
export function checkReplacement(replacement: unknown, index: number): Replacement {
  const element = typeof replacement === 'object' && replacement !== null ? replacement : undefined;
  return checkElement(element && { contribution: new Map(), ...element }, index, new Map());
}

function checkElement(element: unknown, index: number, owners: Map<unknown, number>): RecordContribution {
  if (typeof element !== 'object' || element === null) {
    throw new StrategyError(`record ${index}: the fold returned ${kindOf(element)}, not { contribution }`);
  }
  const { contribution, writes, preparatoryWrites, onRefused } = element as Partial<FoldedRecord>;
  for (const list of [writes, preparatoryWrites]) {
    if (list !== undefined && !Array.isArray(list)) {
      throw new StrategyError(`record ${index}: writes must be a list of actions, not ${kindOf(list)}`);
    }
  }
  const sums = Array.isArray(contribution)
    ? mergeContributions(contribution.map((map: unknown) => checkMap(map, index, owners)))
    : checkMap(contribution, index, owners);
  return { contribution: sums, writes, preparatoryWrites, onRefused };
}

function checkMap(map: unknown, index: number, owners: Map<unknown, number>): Contribution<Sum> {
  if (!(map instanceof Map)) {
    throw new StrategyError(
      `record ${index}: contribution must be a Map from aggregate key to decimal or measures, or a list of these, not ${kindOf(map)}`,
    );
  }
  const owner = owners.get(map);
  if (owner !== undefined && map.size > 0) {
    throw new StrategyError(
      `records ${owner} and ${index} share one Map: give each record its own, or what is added to it counts for every record`,
    );
  }
  owners.set(map, index);
  for (const [key, value] of map) {
    checkEntry(key, value, index);
  }
  return map;
}

function checkEntry(key: unknown, value: unknown, index: number): void {
  if (typeof key !== 'string') {
    throw new StrategyError(`record ${index}: an aggregate key must be text, not ${kindOf(key)}`);
  }
  if (typeof value !== 'bigint' && !isPlainObject(value)) {
    throw new StrategyError(
      `record ${index}, key ${JSON.stringify(key.slice(0, SHOWN_MAX))}: the value must be a decimal of parseDecimal, or measures of the add of an aggregateTable, not ${kindOf(value)}`,
    );
  }
  for (const [name, measure] of typeof value === 'object' ? Object.entries(value) : []) {
    if (typeof measure !== 'bigint') {
      throw new StrategyError(
        `record ${index}, measure ${JSON.stringify(name.slice(0, SHOWN_MAX))}: the value must be a decimal of parseDecimal, not ${kindOf(measure)}`,
      );
    }
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
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
