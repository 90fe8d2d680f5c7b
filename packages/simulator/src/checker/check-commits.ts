import type { History, HistoryEvent, Violation } from '../history/history.ts';

/** Key of the sum of all leaves. */
const PARENT = 'all';

/** A record that must count once in each of its leaves. */
export interface TrueRecord {
  readonly id: string;
  readonly power: number;
  readonly leaves: readonly number[];
  /** It adds 10^power to the tally, too. */
  readonly isTallied?: true;
  /** It is kept as an item of its own, with so many pieces; absent: it is not. */
  readonly pieces?: number;
}

/** Where a stack writes. */
interface CheckedTables {
  readonly aggregates: string;
  readonly rows: string;
  readonly tallies: string;
  readonly kept: string;
  readonly pieces: string;
}

/** What is known of a commit stage from outside: its input, and where each deployment writes. */
export interface CommitTruth {
  readonly stacks: readonly CheckedTables[];
  readonly isRows: boolean;
  readonly truth: readonly TrueRecord[];
}

type Observed = Extract<HistoryEvent, { readonly type: 'observed' }>;

/** Which observation is looked at, and what must be there by then. */
interface Place {
  readonly index: number;
  readonly isLast: boolean;
  /** Records that a mapping has given up: they may count, and need not. */
  readonly givenUp: ReadonlySet<string>;
}

/**
 * Checks the history of a commit stage from outside: by what was put, and by what observers read.
 *
 * The oracle is made of the input alone. Record n adds 10^n to each of its leaves: the digits of a sum say how often each
 * record has counted.
 */
export function checkCommits(history: History, { stacks, isRows, truth }: CommitTruth): readonly Violation[] {
  const violations: Violation[] = [];
  const positions = new Map<string, string>();
  const expected = recordsByKey(truth);
  const givenUp = new Set<string>();
  for (const [index, event] of history.entries()) {
    if (event.type === 'records-discarded') {
      for (const id of event.records.flatMap((label) => label.split('+'))) {
        givenUp.add(id);
      }
    }
    if (event.type === 'ended' && event.stuck.length > 0) {
      violations.push(stuckAt(index, event.stuck, history));
    }
    if (event.type !== 'observed') {
      continue;
    }
    violations.push(...regressionsIn(event, positions, index));
    const place: Place = { index, isLast: history[index + 1]?.type === 'ended', givenUp };
    for (const tables of stacks) {
      const sums = isRows ? sumsOfRows(event, tables.rows) : sumsOfItems(event, tables.aggregates);
      violations.push(...tornIn(sums, index));
      violations.push(...wrongCounts(sums, expected, place));
      if (event.tables[tables.tallies] !== undefined) {
        violations.push(...checkOwnWrites(event, tables, truth, place));
      }
    }
    if (violations.length > 0) {
      break;
    }
  }
  return violations;
}

function sumsOfItems(event: Observed, table: string): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const item of event.tables[table] ?? []) {
    sums.set(item['Identifier'] ?? item['Name'] ?? '', BigInt(item['Value'] ?? '0'));
  }
  return sums;
}

function sumsOfRows(event: Observed, table: string): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const item of event.tables[table] ?? []) {
    for (const [key, sum] of Object.entries<string>(JSON.parse(item['Message'] ?? '{}'))) {
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(sum));
    }
  }
  return sums;
}

/** A record's own writes are made with it: its addition once, its item at all, and the pieces of that not after it. */
function checkOwnWrites(
  event: Observed,
  { tallies, kept, pieces }: CheckedTables,
  truth: readonly TrueRecord[],
  place: Place,
): readonly Violation[] {
  const { index, isLast, givenUp } = place;
  const tallied = truth.filter(({ isTallied }) => isTallied);
  const expected = new Map(tallied.length === 0 ? [] : [['all records', tallied]]);
  const violations = [...wrongCounts(sumsOfItems(event, tallies), expected, place)];
  const keptIds = new Set((event.tables[kept] ?? []).map((item) => item['Id']));
  const pieceCounts = new Map<string | undefined, number>();
  for (const { Id } of event.tables[pieces] ?? []) {
    pieceCounts.set(Id, (pieceCounts.get(Id) ?? 0) + 1);
  }
  const lost = new Set<string>();
  for (const { id, pieces: count } of truth) {
    if (count !== undefined && isLast && !keptIds.has(id) && !givenUp.has(id)) {
      lost.add(id);
    }
    if (count !== undefined && keptIds.has(id) && (pieceCounts.get(id) ?? 0) !== count) {
      const text = `${id} is kept with ${pieceCounts.get(id) ?? 0} of its ${count} pieces`;
      violations.push({ kind: 'torn', text, records: [id], event: index });
    }
  }
  return [...violations, ...toViolation('lost', ['is not kept', 'are not kept'], lost, index)];
}

function tornIn(sums: ReadonlyMap<string, bigint>, event: number): readonly Violation[] {
  let children = 0n;
  for (const [key, sum] of sums) {
    children += key === PARENT ? 0n : sum;
  }
  const parent = sums.get(PARENT) ?? 0n;
  return parent === children
    ? []
    : [{ kind: 'torn', text: `all is ${parent}, its leaves are ${children}`, records: [], event }];
}

/** A position is text of a fixed width: a lower text is a lower position. */
function regressionsIn(
  { tables }: Observed,
  positions: Map<string, string>,
  event: number,
): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Map(
    (tables['Positions'] ?? []).map(
      (item) => [item['Position'] ?? '', item['SequenceNumber'] ?? ''] as const,
    ),
  );
  for (const [shard, before] of positions) {
    const now = seen.get(shard);
    if (now === undefined || (now < before && /^\d/.test(before))) {
      const text = `the position of ${shard} went back from ${before} to ${now ?? 'nothing'}`;
      violations.push({ kind: 'regressed', text, records: [], event });
    }
  }
  for (const [shard, position] of seen) {
    positions.set(shard, position);
  }
  return violations;
}

/** No sum has a record twice at any time; at the end each has all of its records. */
function wrongCounts(
  sums: ReadonlyMap<string, bigint>,
  expected: ReadonlyMap<string, readonly TrueRecord[]>,
  { index, isLast, givenUp }: Place,
): readonly Violation[] {
  const counts: Counts = { lost: new Set(), doubled: new Set(), wrong: [] };
  for (const [key, sum] of sums) {
    if (key !== PARENT && !isPlainlyRight(sum, expected.get(key) ?? [], isLast)) {
      decode(key, sum, expected.get(key) ?? [], { counts, isLast });
    }
  }
  for (const [key, records] of isLast ? expected : []) {
    for (const { id } of sums.has(key) ? [] : records) {
      counts.lost.add(id);
    }
  }
  for (const id of givenUp) {
    counts.lost.delete(id);
  }
  return [
    ...toViolation('doubled', ['counts more than once', 'count more than once'], counts.doubled, index),
    ...toViolation('lost', ['does not count', 'do not count'], counts.lost, index),
    ...counts.wrong.map((text): Violation => ({ kind: 'wrong', text, records: [], event: index })),
  ];
}

interface Counts {
  readonly lost: Set<string>;
  readonly doubled: Set<string>;
  readonly wrong: string[];
}

/** As a text, a right sum has a 1 for each of its records and zeros between: this needs no arithmetic. */
function isPlainlyRight(sum: bigint, records: readonly TrueRecord[], isLast: boolean): boolean {
  const text = String(sum);
  let ones = 0;
  for (const { power } of records) {
    ones += text[text.length - 1 - power] === '1' ? 1 : 0;
  }
  const others = text.length - ones;
  return (ones === records.length || !isLast) && countOf(text, '0') === others;
}

function countOf(text: string, digit: string): number {
  let count = 0;
  for (const each of text) {
    count += each === digit ? 1 : 0;
  }
  return count;
}

/**
 * Takes a sum apart: how often each record is in it, and whether it is there at all.
 *
 * A record that counts ten times or more carries into the next digit. So a digit of 0 is a loss only where the rest of the sum could
 * not be explained with ten of that record.
 */
function decode(
  key: string,
  sum: bigint,
  records: readonly TrueRecord[],
  { counts, isLast }: { readonly counts: Counts; readonly isLast: boolean },
): void {
  const ascending = [...records].sort((a, b) => a.power - b.power);
  const units = ascending.map(({ power }) => 10n ** BigInt(power));
  let missing = units.reduce((total, unit) => total + unit, 0n);
  let rest = sum;
  for (const [index, { id }] of ascending.entries()) {
    const unit = units[index] ?? 1n;
    const next = units[index + 1];
    missing -= unit;
    let part = next === undefined ? rest : rest % next;
    if (next !== undefined && part === 0n && rest - next >= missing) {
      part = next;
    }
    rest -= part;
    if (part < 0n || part % unit !== 0n) {
      counts.wrong.push(`${key} is ${sum}, which no number of its records explains`);
      return;
    }
    if (part > unit) {
      counts.doubled.add(id);
    } else if (part === 0n && isLast) {
      counts.lost.add(id);
    }
  }
  if (rest !== 0n) {
    counts.wrong.push(`${key} is ${sum}, and none of its records adds so much`);
  }
}

/** The records of each leaf. */
function recordsByKey(truth: readonly TrueRecord[]): ReadonlyMap<string, readonly TrueRecord[]> {
  const byKey = new Map<string, TrueRecord[]>();
  for (const record of truth) {
    for (const leaf of record.leaves) {
      const key = `leaf-${leaf}`;
      const records = byKey.get(key) ?? [];
      records.push(record);
      byKey.set(key, records);
    }
  }
  return byKey;
}

function toViolation(
  kind: 'lost' | 'doubled',
  /** For one record, and for several. */
  texts: readonly [string, string],
  records: ReadonlySet<string>,
  event: number,
): readonly Violation[] {
  const labels = [...records];
  const text = `${labels.join(', ')} ${texts[labels.length === 1 ? 0 : 1]}`;
  return labels.length === 0 ? [] : [{ kind, text, records: labels, event }];
}

function stuckAt(event: number, stuck: readonly string[], history: History): Violation {
  const failure = history.findLast(
    (each) => each.type === 'invocation-ended' && each.result === 'failed' && each.error !== '',
  );
  const why = failure?.type === 'invocation-ended' ? `; the last error was ${failure.error}` : '';
  return { kind: 'stuck', text: `${stuck.join('; ')}${why}`, records: [], event };
}
