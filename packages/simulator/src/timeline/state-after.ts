import { createRecordCounts, isCountable, isSumChange, namesIn, recordsOf, sumsIn } from './count-records.ts';
import { type GuardItem, guardItemOf, guardText, markedRecord, recordAt } from './guards.ts';
import { type HistoryTrace, streamOf } from './trace-history.ts';
import { durationText, listText, shardText } from './words.ts';

/** For so long DynamoDB knows a token after its first request was completed. */
const TOKEN_WINDOW_MS = 10 * 60 * 1000;

/** What DynamoDB and Lambda hold after a step. */
export interface StateAfter {
  readonly counts: readonly { readonly record: string; readonly isPut: boolean; readonly count: number }[];
  readonly sums: readonly { readonly key: string; readonly value: string }[];
  /** What says which records are counted; empty: nothing does. */
  readonly guard: readonly string[];
  /** Items that are neither sums nor a guard that is known. */
  readonly others: readonly string[];
  /** Up to where the event source mapping is done. */
  readonly checkpoints: readonly string[];
}

interface ItemText {
  readonly table: string;
  readonly item: string;
  readonly text: string;
}

/** Puts together what is there after an event of a history. */
export function stateAfter(trace: HistoryTrace, event: number): StateAfter {
  const { history } = trace;
  const past = history.slice(0, event + 1);
  const counts = createRecordCounts(history);
  const items = new Map<string, ItemText>();
  const checkpoints = new Map<string, string>();
  const put = new Set<string>();
  for (const each of past) {
    if (each.type === 'item-changed') {
      counts.add(each);
      items.set(`${each.table}/${each.item}`, each);
    } else if (each.type === 'checkpoint-moved') {
      const record = recordAt(trace, streamOf(each.poller), each.sequenceNumber);
      const done = record === undefined ? each.sequenceNumber : `${each.sequenceNumber} (${record})`;
      checkpoints.set(`${each.poller}, ${shardText(each.shard)}`, done);
    } else if (each.type === 'record-put') {
      for (const record of namesIn([each.label])) {
        put.add(record);
      }
    }
  }
  const present = [...items.values()].filter(({ text }) => text !== 'deleted');
  const others = present.filter(({ text }) => !isSumChange(text));
  const guards = others.flatMap(({ item, text }) => guardItemOf(item, text) ?? []);
  return {
    counts: recordsOf(history)
      .filter(isCountable)
      .map((record) => ({
        record,
        isPut: put.has(record),
        count: counts.countOf(record),
      })),
    sums: sumsOf(present),
    guard: [...guardLines(trace, guards), ...tokenLines(trace, event)],
    others: others
      .filter(({ item, text }) => guardItemOf(item, text) === undefined)
      .map(({ table, item, text }) => `${table}, ${item}: ${text}`),
    checkpoints: [...checkpoints].map(([place, done]) => `${place}: done up to ${done}`),
  };
}

/** Whether anything in a history ever says which records are counted. */
export function hasGuard({ history, requests }: HistoryTrace): boolean {
  return (
    [...requests.values()].some(({ token }) => token !== undefined) ||
    history.some(
      (event) => event.type === 'item-changed' && guardItemOf(event.item, event.text) !== undefined,
    )
  );
}

/** Aggregates as they are; rows of sums added up. */
function sumsOf(items: readonly ItemText[]): StateAfter['sums'] {
  const tables = new Set(items.filter(({ text }) => isSumChange(text)).map(({ table }) => table));
  const sums = new Map<string, bigint>();
  for (const { table, item, text } of items) {
    for (const [sum, value] of sumsIn(item, text)) {
      const key = tables.size > 1 ? `${table}: ${sum}` : sum;
      sums.set(key, (sums.get(key) ?? 0n) + value);
    }
  }
  return [...sums]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([key, value]) => ({ key, value: String(value) }));
}

/** Markers of records are one line: there are many. */
function guardLines(trace: HistoryTrace, guards: readonly GuardItem[]): readonly string[] {
  const marked = guards.flatMap((guard) =>
    guard.code === 'marker' ? [markedRecord(trace, guard) ?? guard.id] : [],
  );
  const positions = guards.filter(({ code }) => code === 'position').map((guard) => guardText(trace, guard));
  return [
    ...positions,
    ...(marked.length === 0 ? [] : [`Markers of counted records: ${listText(marked, 40)}`]),
  ];
}

/** Tokens that DynamoDB knows, and those that it has forgotten. */
function tokenLines({ history, requests }: HistoryTrace, event: number): readonly string[] {
  const now = history[event]?.at ?? 0;
  const lines = new Map<string, string>();
  for (const { token, number, landings } of requests.values()) {
    const done = landings.findLast(({ outcome, event: at }) => outcome === 'committed' && at <= event);
    if (token !== undefined && done !== undefined) {
      const age = now - (history[done.event]?.at ?? 0);
      const state = age < TOKEN_WINDOW_MS ? ageText(age) : 'forgotten after 10 min';
      lines.set(token, `Token ${token.slice(0, 8)}… of request ${number}: ${state}`);
    }
  }
  return [...lines.values()];
}

function ageText(ageMs: number): string {
  return ageMs === 0 ? 'done just now' : `done ${durationText(ageMs)} ago`;
}
