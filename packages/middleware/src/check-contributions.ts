import {
  type Action,
  assertContribution,
  type CommitRecord,
  isPlainObject,
  nameKind,
  type Put,
  type Replacement,
  StrategyError,
  type Sum,
} from '@oncefold/commit';
import { type Contribution, sumContributions } from '@oncefold/reducer';

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
  /**
   * The record is known by its own event or message id, whatever `recordId` says: for one that is invalid, so that a valid one with the
   * same business key still counts. Not told to be so: by `recordId`.
   */
  readonly isInvalid?: boolean | undefined;
}

/** What a fold returns for one record; several contributions are added up. */
export type FoldedRecord = Omit<RecordContribution, 'contribution'> & {
  readonly contribution: Contribution<Sum> | readonly Contribution<Sum>[];
};

/**
 * Checks what a fold returned. What is misspelt on an element would be lost, so a member that nobody reads is refused.
 *
 * @param answer - what the fold, or the last middleware around it, returned
 * @param recordCount - records in the event
 * @returns one element per record
 * @throws {@link StrategyError} when it is anything else; the message names the record and what came
 */
export function checkContributions(answer: unknown, recordCount: number): readonly RecordContribution[] {
  if (!Array.isArray(answer)) {
    throw new StrategyError(
      `the fold must return a list with one element per record, and nothing may answer in its place: it returned ${nameKind(answer)}`,
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
  // A map or a list would be taken for nothing to commit.
  if (!isPlainObject(replacement)) {
    throw new StrategyError(
      `record ${index}: what is committed in its place must be { contribution, writes, preparatoryWrites }, not ${nameKind(replacement)}`,
    );
  }
  const {
    contribution = new Map(),
    writes,
    preparatoryWrites,
    ...unknown
  } = replacement as Partial<FoldedRecord>;
  const sums = checkElement({ contribution, writes, preparatoryWrites }, index, new Map()).contribution;
  // What is unknown is refused by the commit.
  return { ...unknown, contribution: sums, writes, preparatoryWrites };
}

function checkElement(element: unknown, index: number, owners: Map<unknown, number>): RecordContribution {
  if (typeof element !== 'object' || element === null) {
    throw new StrategyError(`record ${index}: the fold returned ${nameKind(element)}, not { contribution }`);
  }
  const { contribution, writes, preparatoryWrites, onRefused, isInvalid } = element as Partial<FoldedRecord>;
  assertList(writes, index);
  assertList(preparatoryWrites, index);
  const isList = Array.isArray(contribution);
  const maps: readonly unknown[] = isList ? contribution : [contribution];
  for (const map of maps) {
    assertContribution(map, index);
    assertOwn(map, index, owners);
  }
  const other = Object.keys(element).find((member) => !MEMBERS.has(member));
  if (other !== undefined) {
    throw new StrategyError(
      `record ${index}: the fold returned a member that nobody reads: ${other}; there are contribution, writes, preparatoryWrites, onRefused and isInvalid`,
    );
  }
  const sum = isList ? sumContributions(contribution) : (contribution as Contribution<Sum>);
  return { contribution: sum, writes, preparatoryWrites, onRefused, isInvalid };
}

const MEMBERS: ReadonlySet<string> = new Set([
  'contribution',
  'writes',
  'preparatoryWrites',
  'onRefused',
  'isInvalid',
]);

function assertList(list: unknown, index: number): void {
  if (list !== undefined && !Array.isArray(list)) {
    throw new StrategyError(`record ${index}: writes must be a list of actions, not ${nameKind(list)}`);
  }
}

function assertOwn(map: Contribution<Sum>, index: number, owners: Map<unknown, number>): void {
  const owner = owners.get(map);
  if (owner !== undefined && map.size > 0) {
    throw new StrategyError(
      `records ${owner} and ${index} share one Map: give each record its own, or what is added to it counts for every record`,
    );
  }
  owners.set(map, index);
}
