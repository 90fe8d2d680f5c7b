import type { TableDefinition } from '../store/store.ts';

/** Tables that one stack of a commit stage writes, beside those of its guards. */
export interface StackTables {
  readonly aggregates: string;
  readonly rows: string;
  /** One item that records add to by writes of their own. */
  readonly tallies: string;
  /** An item for each record that is kept. */
  readonly kept: string;
  /** What is written before a kept record's transaction. */
  readonly pieces: string;
}

/** Key of the only item of `tallies`. */
export const TALLY_KEY = 'all records';

/** Tables of the stacks of one history. */
export const stackTables: readonly [StackTables, StackTables] = [tablesOf(''), tablesOf('OfOther')];

/** All tables of a commit stage; the stacks share those of their guards. */
export const stageTables: readonly TableDefinition[] = [
  ...stackTables.flatMap((tables): readonly TableDefinition[] => [
    { name: tables.aggregates, key: ['Identifier'] },
    { name: tables.rows, key: ['MessageId'] },
    { name: tables.tallies, key: ['Name'] },
    { name: tables.kept, key: ['Id'] },
    { name: tables.pieces, key: ['Id', 'Piece'] },
  ]),
  { name: 'Ledger', key: ['Marker'], timeToLive: 'ExpiresAt' },
  { name: 'Positions', key: ['Position'] },
];

function tablesOf(suffix: string): StackTables {
  return {
    aggregates: `Aggregates${suffix}`,
    rows: `Rows${suffix}`,
    tallies: `Tallies${suffix}`,
    kept: `Kept${suffix}`,
    pieces: `Pieces${suffix}`,
  };
}
