import { describe, expect, it } from 'vitest';
import { TimeBucketError, type TimeBucketErrorCode, type TimeUnit, timeBucket } from './index.ts';

describe('timeBucket', () => {
  it.each<[unit: TimeUnit, bucket: string, inParis: string]>([
    ['minute', '2026-12-31T23:59Z', '2027-01-01T00:59+01:00'],
    ['hour', '2026-12-31T23Z', '2027-01-01T00+01:00'],
    ['day', '2026-12-31', '2027-01-01'],
    ['week', '2026-W53', '2026-W53'],
    ['month', '2026-12', '2027-01'],
    ['year', '2026', '2027'],
  ])('names the %s in UTC, and in a zone that is asked for', (unit, bucket, inParis) => {
    const date = new Date('2026-12-31T23:59:59.999Z');
    expect(timeBucket(date, unit)).toBe(bucket);
    expect(timeBucket(date, unit, 'UTC')).toBe(bucket);
    expect(timeBucket(date, unit, 'Europe/Paris')).toBe(inParis);
  });

  it.each<[what: string, zone: string, hours: readonly (readonly [at: string, hour: string])[]]>([
    [
      'the hour that comes twice at the end of daylight saving time',
      'Europe/Paris',
      [
        ['2026-10-24T23:59:59.999Z', '2026-10-25T01+02:00'],
        ['2026-10-25T00:00:00Z', '2026-10-25T02+02:00'],
        ['2026-10-25T00:59:59.999Z', '2026-10-25T02+02:00'],
        ['2026-10-25T01:00:00Z', '2026-10-25T02+01:00'],
        ['2026-10-25T01:59:59.999Z', '2026-10-25T02+01:00'],
        ['2026-10-25T02:00:00Z', '2026-10-25T03+01:00'],
      ],
    ],
    [
      'the hour that is skipped at the start of daylight saving time',
      'America/New_York',
      [
        ['2026-03-08T06:59:59.999Z', '2026-03-08T01-05:00'],
        ['2026-03-08T07:00:00Z', '2026-03-08T03-04:00'],
      ],
    ],
    [
      'a zone half an hour off',
      'Asia/Kolkata',
      [
        ['2026-10-24T18:29:59.999Z', '2026-10-24T23+05:30'],
        ['2026-10-24T18:30:00Z', '2026-10-25T00+05:30'],
      ],
    ],
    [
      'a zone three quarters of an hour off',
      'Asia/Kathmandu',
      [['2026-10-24T18:15:00Z', '2026-10-25T00+05:45']],
    ],
    [
      'a change by half an hour',
      'Australia/Lord_Howe',
      [
        ['2026-04-04T14:59:59.999Z', '2026-04-05T01+11:00'],
        ['2026-04-04T15:00:00Z', '2026-04-05T01+10:30'],
        ['2026-04-04T15:30:00Z', '2026-04-05T02+10:30'],
      ],
    ],
    [
      'a day that a zone skips',
      'Pacific/Apia',
      [
        ['2011-12-30T09:59:59.999Z', '2011-12-29T23-10:00'],
        ['2011-12-30T10:00:00Z', '2011-12-31T00+14:00'],
      ],
    ],
    [
      'a historical offset with seconds, before 1970',
      'Africa/Monrovia',
      [
        ['1969-12-31T23:44:29.999Z', '1969-12-31T22-00:44:30'],
        ['1970-01-01T00:44:30Z', '1970-01-01T00-00:44:30'],
        ['1972-01-07T00:44:30Z', '1972-01-07T00+00:00'],
      ],
    ],
    ['a zone of the same offset as UTC', 'Etc/GMT', [['1970-01-01T00:00:00Z', '1970-01-01T00+00:00']]],
  ])('knows %s', (_what, zone, hours) => {
    expect(hours.map(([at]) => timeBucket(new Date(at), 'hour', zone))).toEqual(
      hours.map(([, hour]) => hour),
    );
  });

  it('has no moment for a day that a zone skips', () => {
    const days = Array.from({ length: 72 }, (_, hour) =>
      timeBucket(new Date(Date.UTC(2011, 11, 29, hour)), 'day', 'Pacific/Apia'),
    );
    expect(new Set(days)).toEqual(new Set(['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01']));
  });

  // From ISO 8601: the first week of a year is that of its first Thursday.
  it.each([
    ['1969-12-28', '1969-W52'],
    ['1969-12-29', '1970-W01'],
    ['1970-01-04', '1970-W01'],
    ['2005-01-01', '2004-W53'],
    ['2005-01-02', '2004-W53'],
    ['2008-12-29', '2009-W01'],
    ['2010-01-03', '2009-W53'],
    ['2010-01-04', '2010-W01'],
    ['0001-01-02', '0001-W01'],
    ['0099-12-31', '0099-W53'],
    ['9999-12-30', '9999-W52'],
  ])('puts %s into the week %s', (day, week) => {
    expect(timeBucket(new Date(day), 'week')).toBe(week);
  });

  it('takes the years 1 to 9999 in every zone', () => {
    const [first, last] = [new Date('0001-01-02T00:00:00Z'), new Date('9999-12-31T00:00:00Z')];
    expect(timeBucket(first, 'hour', 'Asia/Manila')).toBe('0001-01-01T08-15:56:08');
    expect(timeBucket(last, 'hour', 'Pacific/Kiritimati')).toBe('9999-12-31T14+14:00');
  });

  it('answers the same when more zones and days were asked for than it remembers', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const buckets = (): readonly string[] =>
      zones.map((zone) => timeBucket(new Date('2026-07-01T12:00:00Z'), 'minute', zone));
    expect(zones.length).toBeGreaterThan(128);
    expect(buckets()).toEqual(buckets());

    const days = (): readonly string[] =>
      Array.from({ length: 1_500 }, (_, day) =>
        timeBucket(new Date(Date.UTC(2020, 0, day)), 'hour', 'Europe/Paris'),
      );
    expect(days()).toEqual(days());
  });

  const date = new Date(0);
  it.each<[what: string, args: readonly unknown[], code: TimeBucketErrorCode, message: string]>([
    [
      'an invalid date',
      [new Date('yesterday'), 'day'],
      'bad-date',
      'It is an invalid Date. Give a valid Date, such as new Date(milliseconds); quarantine a record whose time is none.',
    ],
    [
      'a number',
      [0, 'day'],
      'bad-date',
      'It is a number. Give a valid Date, such as new Date(milliseconds); quarantine a record whose time is none.',
    ],
    [
      'a moment before the year 1',
      [new Date(Date.parse('0001-01-02T00:00:00Z') - 1), 'day'],
      'out-of-range',
      'The time must be within the years 1 to 9999: new Date takes milliseconds, neither micro- nor nanoseconds.',
    ],
    [
      'microseconds',
      [new Date(1_763_884_800_000_000), 'day'],
      'out-of-range',
      'The time must be within the years 1 to 9999: new Date takes milliseconds, neither micro- nor nanoseconds.',
    ],
    [
      'an unknown unit',
      [date, 'quarter'],
      'bad-unit',
      'The unit must be one of minute, hour, day, month, year, week.',
    ],
    [
      'the name of a property of every object as unit',
      [date, 'constructor'],
      'bad-unit',
      'The unit must be one of minute, hour, day, month, year, week.',
    ],
    [
      'an unknown zone',
      [date, 'day', 'Europe/Secret'],
      'bad-time-zone',
      'This Node.js does not know it. Give the name of a zone of the IANA database, such as Europe/Paris.',
    ],
    [
      'an empty zone',
      [date, 'day', ''],
      'bad-time-zone',
      'This Node.js does not know it. Give the name of a zone of the IANA database, such as Europe/Paris.',
    ],
    [
      'no zone',
      [date, 'day', null],
      'bad-time-zone',
      'It is null. Give the name of a zone of the IANA database, such as Europe/Paris.',
    ],
  ])('refuses %s, says what is needed, and holds no value', (_what, args, code, message) => {
    const use = (): string => timeBucket(...(args as Parameters<typeof timeBucket>));
    expect(use).toThrow(TimeBucketError);
    expect(use).toThrow(
      expect.objectContaining({
        name: 'TimeBucketError',
        code,
        message: `There is no time bucket: ${code}. ${message}`,
      }),
    );
  });

  it('gives the reason of Intl as cause', () => {
    expect(() => timeBucket(date, 'day', 'Nowhere')).toThrow(
      expect.objectContaining({ cause: expect.any(RangeError) }),
    );
  });
});
