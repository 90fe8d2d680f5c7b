import type { Violation } from '../history/history.ts';
import { explainDoubled } from './explain-doubled.ts';
import { explainLost } from './explain-lost.ts';
import { type Addition, type HistoryTrace, type LandedRequest, landingsOf } from './trace-history.ts';
import { countText, listText, timesText } from './words.ts';

/** Where a history goes wrong. */
export interface Moment {
  readonly kind: Violation['kind'];
  /** Labels of the records concerned. */
  readonly records: readonly string[];
  /** Index of the event at which it goes wrong; often long before anybody can see it. */
  readonly event: number;
  readonly title: string;
  /** Sentences for somebody who has never seen Oncefold. */
  readonly explanation: readonly string[];
}

/**
 * Finds the moments at which a history goes wrong, the earliest first: the landing with which a record counts twice, or the one
 * after which nobody will ever count it.
 *
 * A checker sees a wrong sum when an observer reads it. What made it wrong is found by following each record into the sums.
 */
export function findMoments(trace: HistoryTrace, violations: readonly Violation[]): readonly Moment[] {
  if (violations.length === 0) {
    return [];
  }
  const doubled = doubledMoments(trace);
  const lost = lostMoments(trace, violations);
  const explained = new Set<Violation['kind']>(['doubled', 'lost']);
  if (doubled.length > 0) {
    // Ten times the same record: the sum is one that no number of records explains.
    explained.add('wrong');
  }
  const others = violations
    .filter(({ kind }) => !explained.has(kind) || (kind === 'doubled' && doubled.length === 0))
    .map(otherMoment);
  return [...doubled, ...lost, ...firstOfEachKind(others)].sort((a, b) => a.event - b.event);
}

function doubledMoments(trace: HistoryTrace): readonly Moment[] {
  const moments: Moment[] = [];
  const first = new Map<string, LandedRequest>();
  const seen = new Set<string>();
  for (const landed of landingsOf(trace)) {
    const { additions } = landed.landing;
    const again = additions.filter((addition) => first.has(placeOf(addition)) && !seen.has(addition.record));
    for (const [former, group] of groupBy(again, (addition) => first.get(placeOf(addition)))) {
      const records = [...new Set(group.map(({ record }) => record))];
      if (former !== undefined) {
        moments.push({
          kind: 'doubled',
          records,
          event: landed.landing.event,
          title: `${listText(records)} ${records.length === 1 ? 'counts' : 'count'} ${timesAtEnd(trace, records)}`,
          explanation: [...explainDoubled(trace, records, { former, landed }), ...byTheEnd(trace, records)],
        });
      }
    }
    for (const addition of additions) {
      if (first.has(placeOf(addition))) {
        seen.add(addition.record);
      } else {
        first.set(placeOf(addition), landed);
      }
    }
  }
  return moments;
}

function placeOf({ record, table }: Addition): string {
  return `${table}/${record}`;
}

/** Once it has happened, it often happens again. */
function byTheEnd(trace: HistoryTrace, records: readonly string[]): readonly string[] {
  const times = timesAtEnd(trace, records);
  return times === timesText(2)
    ? []
    : [`By the end ${records.length === 1 ? 'it counts' : 'they count'} ${times}.`];
}

/** How often records count when all is over. */
function timesAtEnd({ countsAt }: HistoryTrace, records: readonly string[]): string {
  const last = records.map((record) =>
    Math.max(...[...countsAt.values()].map((counts) => counts.get(record) ?? 0)),
  );
  const [lowest, highest] = [Math.min(...last), Math.max(...last)];
  return lowest === highest ? timesText(highest) : `${lowest} to ${highest} times`;
}

function lostMoments(trace: HistoryTrace, violations: readonly Violation[]): readonly Moment[] {
  const losses = violations.filter(({ kind }) => kind === 'lost');
  const explained = losses.flatMap(({ records, event }) =>
    records.map((record) => ({ record, ...explainLost(trace, record, event) })),
  );
  return [...groupBy(explained, ({ event }) => event)].map(([event, group]) => {
    const records = [...new Set(group.map(({ record }) => record))];
    return {
      kind: 'lost' as const,
      records,
      event,
      title: `${listText(records)} ${records.length === 1 ? 'is' : 'are'} lost`,
      explanation: group[0]?.explanation ?? [],
    };
  });
}

const OTHER_TITLES: Readonly<Record<Violation['kind'], string>> = {
  doubled: 'A record counts more than once',
  lost: 'A record is lost',
  wrong: 'A sum is wrong',
  torn: 'A total is not the sum of its parts',
  regressed: 'A guard has gone back',
  unaccounted: 'The accounts do not close',
  stuck: 'Something is never done',
};

const OTHER_MEANINGS: Readonly<Record<Violation['kind'], string>> = {
  doubled: 'The observer has read a sum that contains a record more than once.',
  lost: 'The observer has read a sum that lacks a record, after everything was done.',
  wrong: 'The observer has read a sum that no number of records explains.',
  torn: 'Both were read at the same moment, so that one was written without the other: a reader sees a state that never should exist.',
  regressed:
    'What says how far a shard has been counted now says less than before: records behind it may count again.',
  unaccounted: 'What became of the records does not add up to what was sent.',
  stuck:
    'Nothing fails any more, and yet records wait that nobody will ever count: the shard is blocked until somebody steps in.',
};

function otherMoment({ kind, text, records, event }: Violation): Moment {
  return { kind, records, event, title: OTHER_TITLES[kind], explanation: [`${text}.`, OTHER_MEANINGS[kind]] };
}

function firstOfEachKind(moments: readonly Moment[]): readonly Moment[] {
  return [...groupBy(moments, ({ kind }) => kind).values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : [
          more.length === 0
            ? first
            : {
                ...first,
                explanation: [...first.explanation, `It happens ${countText(more.length, 'more time')}.`],
              },
        ],
  );
}

function groupBy<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key) ?? [];
    group.push(value);
    groups.set(key, group);
  }
  return groups;
}
