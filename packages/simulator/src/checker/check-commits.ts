import type { History, HistoryEvent, ObservedItem, Violation } from '../history/history.ts';

/** A record that must count once in each of its leaves. */
export interface TrueRecord {
  readonly id: string;
  readonly power: number;
  readonly leaves: readonly number[];
}

/** What is known of a commit stage from outside: its input, and where its sums are. */
export interface CommitTruth {
  readonly table: 'Aggregates' | 'Rows';
  readonly truth: readonly TrueRecord[];
}

type Observed = Extract<HistoryEvent, { readonly type: 'observed' }>;

/**
 * Checks the history of a commit stage from outside: by what was put, and by what observers read.
 *
 * The oracle is made of the input alone. Record n adds 10^n to each of its leaves: the digits of a sum say how often each
 * record has counted.
 */
export function checkCommits(history: History, { table, truth }: CommitTruth): readonly Violation[] {
  const violations: Violation[] = [];
  const positions = new Map<string, string>();
  for (const [index, event] of history.entries()) {
    if (event.type === 'ended' && event.stuck.length > 0) {
      violations.push(stuckAt(index, event.stuck, history));
    }
    if (event.type !== 'observed') {
      continue;
    }
    const sums = sumsOf(event, table);
    violations.push(...tornIn(sums, index), ...regressionsIn(event, positions, index));
    const isLast = history[index + 1]?.type === 'ended';
    violations.push(...wrongCounts(sums, truth, { index, isLast }));
    if (violations.length > 0) {
      break;
    }
  }
  return violations;
}

function sumsOf(event: Observed, table: 'Aggregates' | 'Rows'): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  const items: readonly ObservedItem[] = event.tables[table] ?? [];
  for (const item of items) {
    if (table === 'Aggregates') {
      sums.set(item['Identifier'] ?? '', BigInt(item['Value'] ?? '0'));
      continue;
    }
    for (const [key, sum] of Object.entries<string>(JSON.parse(item['Message'] ?? '{}'))) {
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(sum));
    }
  }
  return sums;
}

function tornIn(sums: ReadonlyMap<string, bigint>, event: number): readonly Violation[] {
  let children = 0n;
  for (const [key, sum] of sums) {
    children += key === 'all' ? 0n : sum;
  }
  const parent = sums.get('all') ?? 0n;
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
    (tables['Positions'] ?? []).map((item) => [item['Position'] ?? '', item['SequenceNumber'] ?? ''] as const),
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
  truth: readonly TrueRecord[],
  { index, isLast }: { readonly index: number; readonly isLast: boolean },
): readonly Violation[] {
  const lost = new Set<string>();
  const doubled = new Set<string>();
  const wrong: string[] = [];
  const keys = new Set([...sums.keys(), ...truth.flatMap(({ leaves }) => leaves.map((leaf) => `leaf-${leaf}`))]);
  keys.delete('all');
  for (const key of keys) {
    let rest = sums.get(key) ?? 0n;
    if (rest < 0n) {
      wrong.push(`${key} is ${rest}`);
      continue;
    }
    for (const record of [...truth].sort((a, b) => b.power - a.power)) {
      const unit = 10n ** BigInt(record.power);
      const count = rest / unit;
      rest %= unit;
      const expected = record.leaves.some((leaf) => `leaf-${leaf}` === key) ? 1n : 0n;
      if (count > expected) {
        doubled.add(record.id);
      } else if (count < expected && isLast) {
        lost.add(record.id);
      }
    }
    if (rest !== 0n) {
      wrong.push(`${key} is ${sums.get(key)}`);
    }
  }
  return [
    ...toViolation('doubled', 'counts more than once', doubled, index),
    ...toViolation('lost', 'does not count', lost, index),
    ...wrong.map((text): Violation => ({ kind: 'wrong', text, records: [], event: index })),
  ];
}

function toViolation(
  kind: 'lost' | 'doubled',
  text: string,
  records: ReadonlySet<string>,
  event: number,
): readonly Violation[] {
  return records.size === 0
    ? []
    : [{ kind, text: `${[...records].join(', ')} ${text}`, records: [...records], event }];
}

function stuckAt(event: number, stuck: readonly string[], history: History): Violation {
  const failure = history.findLast(
    (each) => each.type === 'invocation-ended' && each.result === 'failed' && each.error !== '',
  );
  const why = failure?.type === 'invocation-ended' ? `; the last error was ${failure.error}` : '';
  return { kind: 'stuck', text: `${stuck.join('; ')}${why}`, records: [], event };
}
