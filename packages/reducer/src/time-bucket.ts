import { nameType } from './name-type.ts';
import { UTC_OFFSET, zoneOffset } from './zone-offset.ts';

const DAY_MS = 86_400_000;
/** A day less than the years 1 to 9999 at either end, so that the local time is within them in every zone. */
const TIME_MS_MIN = Date.parse('0001-01-02T00:00:00Z');
const TIME_MS_MAX = Date.parse('9999-12-31T00:00:00Z');

/** How many characters of an ISO 8601 time name a unit; a week is named otherwise. */
const LENGTHS = { minute: 16, hour: 13, day: 10, month: 7, year: 4, week: 0 } as const;

/** How long a time bucket is. A week is that of ISO 8601: from Monday, and of the year in which its Thursday is. */
export type TimeUnit = keyof typeof LENGTHS;

/** Why there is no time bucket. */
export type TimeBucketErrorCode = 'bad-date' | 'out-of-range' | 'bad-unit' | 'bad-time-zone';

const REMEDIES: Readonly<Record<TimeBucketErrorCode, string>> = {
  'bad-date': 'Give a valid Date, such as new Date(milliseconds); quarantine a record whose time is none.',
  'out-of-range':
    'The time must be within the years 1 to 9999: new Date takes milliseconds, neither micro- nor nanoseconds.',
  'bad-unit': `The unit must be one of ${Object.keys(LENGTHS).join(', ')}.`,
  'bad-time-zone': 'Give the name of a zone of the IANA database, such as Europe/Paris.',
};

/** Says that there is no time bucket; the message never holds a value. */
export class TimeBucketError extends Error {
  override readonly name = 'TimeBucketError';
  readonly code: TimeBucketErrorCode;

  constructor(code: TimeBucketErrorCode, options?: { readonly cause?: unknown; readonly finding?: string }) {
    const { finding, ...rest } = options ?? {};
    super(
      `There is no time bucket: ${code}. ${finding === undefined ? '' : `${finding}. `}${REMEDIES[code]}`,
      rest,
    );
    this.code = code;
  }
}

/**
 * Names the minute, hour, day, week, month or year of a moment in a time zone, as a part of an aggregate's key.
 *
 * Minutes and hours carry the offset from UTC, so that the hour which comes twice at the end of daylight saving time is two
 * buckets: `2026-10-25T02+02:00` and then `2026-10-25T02+01:00`. A bucket that a zone skips has no moment: Apia has no
 * 30 December 2011.
 *
 * As texts, buckets of one unit and zone are in the order of the local calendar and clock. East of Greenwich, the second of two
 * equal hours comes before the first: where a range of hours must be exact, use UTC.
 *
 * The rules of a zone are those of the time zone data in the Node.js that runs; another version can give another bucket for the same
 * moment, most likely one in the future. Where records are corrected, keep with each the bucket that it is summed by.
 *
 * @param date - the moment, within the years 1 to 9999; finer than the unit is cut off
 * @param unit - how long the bucket is
 * @param timeZone - name in the IANA database; `UTC` unless given, whose offset is written `Z`
 * @returns `2026-10-25T02:15+02:00` for a minute, `2026-10-25T02+02:00` for an hour, `2026-10-25`, `2026-W43`, `2026-10`, `2026`
 * @throws {@link TimeBucketError} when the date, the unit or the time zone is unusable
 *
 * @example
 * ```ts
 * import { timeBucket } from '@oncefold/reducer';
 *
 * const viewedAt = new Date('2026-10-24T22:30:00Z');
 * timeBucket(viewedAt, 'day'); // 2026-10-24
 * timeBucket(viewedAt, 'day', 'Europe/Paris'); // 2026-10-25
 * timeBucket(viewedAt, 'hour', 'Asia/Kolkata'); // 2026-10-25T04+05:30
 * ```
 */
export function timeBucket(date: Date, unit: TimeUnit, timeZone = 'UTC'): string {
  const time = readTime(date);
  if (!Object.hasOwn(LENGTHS, unit)) {
    throw new TimeBucketError('bad-unit');
  }
  const offset = timeZone === 'UTC' ? UTC_OFFSET : findOffset(timeZone, time);
  const local = time + offset.ms;
  if (unit === 'week') {
    return formatWeek(Math.floor(local / DAY_MS));
  }
  const bucket = new Date(local).toISOString().slice(0, LENGTHS[unit]);
  return unit === 'hour' || unit === 'minute' ? bucket + offset.text : bucket;
}

function readTime(date: unknown): number {
  if (!(date instanceof Date)) {
    throw new TimeBucketError('bad-date', { finding: `It is ${nameType(date)}` });
  }
  const time = date.getTime();
  if (Number.isNaN(time)) {
    throw new TimeBucketError('bad-date', { finding: 'It is an invalid Date' });
  }
  if (time < TIME_MS_MIN || time > TIME_MS_MAX) {
    throw new TimeBucketError('out-of-range');
  }
  return time;
}

function findOffset(timeZone: unknown, time: number): ReturnType<typeof zoneOffset> {
  if (typeof timeZone !== 'string') {
    throw new TimeBucketError('bad-time-zone', { finding: `It is ${nameType(timeZone)}` });
  }
  try {
    return zoneOffset(timeZone, time);
  } catch (cause) {
    throw new TimeBucketError('bad-time-zone', { cause, finding: 'This Node.js does not know it' });
  }
}

/** A week belongs to the year of its Thursday (ISO 8601); days count from 1970-01-01, which was one. */
function formatWeek(day: number): string {
  const daysSinceMonday = (((day + 3) % 7) + 7) % 7;
  const thursday = day - daysSinceMonday + 3;
  const year = new Date(thursday * DAY_MS).toISOString().slice(0, LENGTHS.year);
  const week = Math.floor((thursday - Date.parse(year) / DAY_MS) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
