import type { History, HistoryEvent } from '../history/history.ts';

type ItemChanged = Extract<HistoryEvent, { readonly type: 'item-changed' }>;

/** Key of the sum of all leaves: a record adds as much to it as to all of its leaves, so that its digits say nothing. */
const PARENT = 'all';

/** How often the sums contain each record. */
export interface RecordCounts {
  /** Takes a change of an item in; says which records it has added. */
  add(change: ItemChanged): readonly string[];
  /** How often a record is in the sum that has it most often. */
  countOf(record: string): number;
}

/**
 * Counts records by the digits of the sums: record `r3` adds 10^3 to each of its keys.
 *
 * What counts is by how much a sum has grown, not what it is: ten times the same record would look like the next one.
 * A history whose records have other names has no counts.
 */
export function createRecordCounts(history: History): RecordCounts {
  const owners = ownersByPower(history);
  const sums = new Map<string, ReadonlyMap<string, bigint>>();
  const counts = new Map<string, Map<string, number>>();
  return {
    add: ({ table, item, text }) => {
      const place = `${table}/${item}`;
      const before = sums.get(place);
      const after = sumsIn(item, text);
      sums.set(place, after);
      const added = new Set<string>();
      for (const [leaf, sum] of leavesOf(after)) {
        // Rows of sums of one table are parts of one sum; two tables have sums of their own.
        const key = `${table}/${leaf}`;
        for (const [record, times] of recordsIn(sum - (before?.get(leaf) ?? 0n), owners)) {
          const ofRecord = counts.get(record) ?? new Map<string, number>();
          counts.set(record, ofRecord);
          ofRecord.set(key, (ofRecord.get(key) ?? 0) + times);
          added.add(record);
        }
      }
      return [...added];
    },
    countOf: (record) => Math.max(0, ...(counts.get(record)?.values() ?? [])),
  };
}

/** Says whether a change is one of a sum, or of a row of sums. */
export function isSumChange(text: string): boolean {
  return /^Value -?\d+$/.test(text) || text.startsWith('Message {');
}

/** The sums that an item holds, by their keys: an aggregate holds one, a row of sums several. */
export function sumsIn(item: string, text: string): ReadonlyMap<string, bigint> {
  const [, value] = /^Value (-?\d+)$/.exec(text) ?? [];
  if (value !== undefined) {
    return new Map([[item, BigInt(value)]]);
  }
  const [, message] = /^Message (\{[^}]*\})/.exec(text) ?? [];
  const row: Readonly<Record<string, unknown>> = message === undefined ? {} : JSON.parse(message);
  return new Map(
    Object.entries(row)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && /^-?\d+$/.test(entry[1]))
      .map(([key, sum]) => [key, BigInt(sum)]),
  );
}

/** Records of all labels of a history, in the order of their first put. */
export function recordsOf(history: History): readonly string[] {
  return namesIn(history.flatMap((event) => (event.type === 'record-put' ? [event.label] : [])));
}

/** `r1+r2` is one record of a stream with two records in it; any other label is one record. */
export function namesIn(labels: readonly string[]): readonly string[] {
  return [
    ...new Set(labels.flatMap((label) => (/^r\d+(\+r\d+)+$/.test(label) ? label.split('+') : [label]))),
  ];
}

/** Whether digits of sums say how often a record counts. */
export function isCountable(record: string): boolean {
  return /^r\d+$/.test(record);
}

function ownersByPower(history: History): ReadonlyMap<number, string> {
  const owners = new Map<number, string>();
  for (const label of recordsOf(history)) {
    const [, power] = /^r(\d+)$/.exec(label) ?? [];
    if (power !== undefined) {
      owners.set(Number(power), label);
    }
  }
  return owners;
}

function leavesOf(sums: ReadonlyMap<string, bigint>): readonly (readonly [string, bigint])[] {
  return [...sums].filter(([key]) => key !== PARENT);
}

/** Takes a growth apart; one that is not made of known records says nothing. */
function recordsIn(
  growth: bigint,
  owners: ReadonlyMap<number, string>,
): readonly (readonly [string, number])[] {
  if (growth <= 0n) {
    return [];
  }
  const found: [string, number][] = [];
  for (const [power, digit] of [...String(growth)].reverse().entries()) {
    const owner = owners.get(power);
    if (digit !== '0' && owner === undefined) {
      return [];
    }
    if (digit !== '0' && owner !== undefined) {
      found.push([owner, Number(digit)]);
    }
  }
  return found;
}
