import type { Action, Put } from '@oncefold/commit';
import type { RecordContribution } from '@oncefold/middleware';
import { type Decimal, parseSum } from '@oncefold/reducer';
import { type LoadedRecord, leafKey, PARENT_KEY, recordOf, type StageEvent } from './commit-load.ts';
import { type StackTables, TALLY_KEY } from './stage-tables.ts';

/**
 * What the records of an event add, and write besides.
 *
 * @param version - of the code: it is in what is kept, so that a batch that is tried again after a deployment does not say the same
 */
export function contributionsOf(
  { Records }: StageEvent,
  tables: StackTables,
  version: number,
): readonly RecordContribution[] {
  return Records.map((each) => {
    const record = recordOf(each);
    const contribution = contributionOf(record);
    return record.isTallied === undefined && record.pieces === undefined
      ? { contribution }
      : {
          contribution,
          writes: writesOf(record, tables, version),
          preparatoryWrites: piecesOf(record, tables),
        };
  });
}

/** Each leaf grows by 10^power, and their parent by as much as all of them. */
function contributionOf({ power, leaves }: LoadedRecord): Map<string, Decimal> {
  const contribution = new Map<string, Decimal>();
  if (leaves.length === 0) {
    return contribution;
  }
  const zeros = '0'.repeat(power);
  const one = parseSum(`1${zeros}`);
  for (const leaf of leaves) {
    contribution.set(leafKey(leaf), one);
  }
  contribution.set(PARENT_KEY, parseSum(`${leaves.length}${zeros}`));
  return contribution;
}

function writesOf(
  { id, power, isTallied, pieces }: LoadedRecord,
  tables: StackTables,
  version: number,
): readonly Action[] {
  const writes: Action[] = [];
  if (isTallied) {
    writes.push({
      type: 'update',
      table: tables.tallies,
      key: { Name: { S: TALLY_KEY } },
      add: { Value: `1${'0'.repeat(power)}` },
    });
  }
  if (pieces !== undefined) {
    writes.push({
      type: 'put',
      table: tables.kept,
      key: { Id: { S: id } },
      attributes: { Pieces: { N: String(pieces) }, Version: { N: String(version) } },
    });
  }
  return writes;
}

function piecesOf({ id, pieces = 0 }: LoadedRecord, tables: StackTables): readonly Put[] {
  return Array.from({ length: pieces }, (_, piece) => ({
    type: 'put',
    table: tables.pieces,
    key: { Id: { S: id }, Piece: { N: String(piece) } },
    attributes: { Text: { S: `piece ${piece} of ${id}` } },
  }));
}
