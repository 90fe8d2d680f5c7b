/**
 * Goal: a bucket is what clock and calendar of the zone show, at any moment and around every change of the clocks.
 * Method: laws against the fields of Intl.DateTimeFormat, which the code under test does not read, in every zone of this Node.js, at
 * moments that are as often close to a change of the zone's offset as anywhere.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TimeUnit, timeBucket } from './index.ts';

const DAY_MS = 86_400_000;
/** The most that one bucket spans; zones that moved across the date line, as Kwajalein did in 1969, had a day twice. */
const WIDTHS_MS = { minute: 60_000, hour: 3_600_000, day: 49 * 3_600_000 } as const;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** What a clock in the zone shows, to the second, as if it were in UTC. */
function clockOf(zone: string, time: number): number {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    const two = '2-digit';
    formatter = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, hourCycle: 'h23', calendar: 'gregory' },
      ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
    });
    formatters.set(zone, formatter);
  }
  const fields = Object.fromEntries(formatter.formatToParts(time).map(({ type, value }) => [type, value]));
  const { year = '', month, day, hour, minute, second } = fields;
  return Date.parse(`${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** How far the clocks are ahead of UTC. */
function offsetOf(zone: string, time: number): number {
  return clockOf(zone, time) - Math.floor(time / 1_000) * 1_000;
}

/** The first second of a change of the offset within a year from a moment, or the moment itself where there is none. */
function changeNear(zone: string, from: number): number {
  const months = Array.from({ length: 13 }, (_, month) => from + month * 30 * DAY_MS);
  const after = months.findIndex((time) => offsetOf(zone, time) !== offsetOf(zone, from));
  if (after < 0) {
    return from;
  }
  let [low, high] = [months[after - 1] ?? from, months[after] ?? from];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (middle <= low) {
      break;
    }
    [low, high] = offsetOf(zone, middle) === offsetOf(zone, low) ? [middle, high] : [low, middle];
  }
  return high;
}

const zone = fc.oneof(
  fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
  fc.constantFrom(
    'Europe/Paris',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Monrovia',
    'Asia/Kolkata',
  ),
);
const anyTime = fc.integer({ min: Date.UTC(1850, 0, 1), max: Date.UTC(2100, 0, 1) });
const moment = fc
  .record({
    zone,
    at: anyTime,
    isNearChange: fc.boolean(),
    ms: fc.integer({ min: -2 * 3_600_000, max: 2 * 3_600_000 }),
  })
  .map(({ zone: name, at, isNearChange, ms }) => ({
    zone: name,
    time: isNearChange ? changeNear(name, Math.floor(at / 1_000) * 1_000) + ms : at,
  }));

describe('timeBucket', () => {
  it('is what the clock of the zone shows, with the offset behind minutes and hours', () => {
    fc.assert(
      fc.property(moment, ({ zone: name, time }) => {
        const clock = new Date(clockOf(name, time)).toISOString();
        const offset = formatOffset(offsetOf(name, time));
        const of = (unit: TimeUnit): string => timeBucket(new Date(time), unit, name);
        expect([of('minute'), of('hour'), of('day'), of('month'), of('year')]).toEqual([
          clock.slice(0, 16) + offset,
          clock.slice(0, 13) + offset,
          clock.slice(0, 10),
          clock.slice(0, 7),
          clock.slice(0, 4),
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it('names a minute that can be read as the moment it begins at', () => {
    fc.assert(
      fc.property(
        fc.record({ zone, at: fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2100, 0, 1) }) }),
        (of) => {
          const start = Date.parse(timeBucket(new Date(of.at), 'minute', of.zone));
          expect(start).toBeLessThanOrEqual(of.at);
          expect(of.at - start).toBeLessThan(60_000);
        },
      ),
    );
  });

  it.each(['minute', 'hour', 'day'] as const)(
    'never puts moments that are farther apart into one %s',
    (unit) => {
      fc.assert(
        fc.property(moment, fc.integer({ min: 0, max: 3_600_000 }), ({ zone: name, time }, more) => {
          const later = time + WIDTHS_MS[unit] + more;
          expect(timeBucket(new Date(later), unit, name)).not.toBe(timeBucket(new Date(time), unit, name));
        }),
      );
    },
  );

  it('gives all moments of a smaller bucket the same larger bucket', () => {
    const units = ['minute', 'hour', 'day', 'month', 'year'] as const;
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 3_600_000 }), ({ zone: name, time }, more) => {
        const [one, other] = [time, time + more].map((at) =>
          units.map((unit) => timeBucket(new Date(at), unit, name)),
        );
        const first = units.findIndex((_, index) => one?.[index] === other?.[index]);
        expect(first < 0 ? [] : one?.slice(first)).toEqual(first < 0 ? [] : other?.slice(first));
      }),
    );
  });

  it('sorts as time goes in UTC', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<TimeUnit>('minute', 'hour', 'day', 'week', 'month', 'year'),
        fc.date({ noInvalidDate: true, min: new Date('0001-01-02'), max: new Date('9999-12-31') }),
        fc.date({ noInvalidDate: true, min: new Date('0001-01-02'), max: new Date('9999-12-31') }),
        (unit, one, other) => {
          const [earlier, later] = one <= other ? [one, other] : [other, one];
          expect(timeBucket(earlier, unit) <= timeBucket(later, unit)).toBe(true);
        },
      ),
    );
  });

  it('begins a week on each Monday of the zone, and names it by a year and a number from 1 to 53', () => {
    fc.assert(
      fc.property(moment, ({ zone: name, time }) => {
        const clock = clockOf(name, time);
        const daysSinceMonday = (new Date(clock).getUTCDay() + 6) % 7;
        const monday = Math.floor(clock / DAY_MS) * DAY_MS - daysSinceMonday * DAY_MS;
        const week = timeBucket(new Date(time), 'week', name);
        expect(week).toMatch(/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/);
        for (const days of [0, 3, 6]) {
          expect(timeBucket(new Date(monday + days * DAY_MS), 'week')).toBe(week);
        }
        expect(timeBucket(new Date(monday - 1), 'week') < week).toBe(true);
        expect(timeBucket(new Date(monday + 7 * DAY_MS), 'week') > week).toBe(true);
        expect(week.slice(0, 4)).toBe(new Date(monday + 3 * DAY_MS).toISOString().slice(0, 4));
      }),
    );
  });
});

function formatOffset(ms: number): string {
  const seconds = Math.abs(ms) / 1_000;
  const fields = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = fields.map((field) => String(field).padStart(2, '0')).join(':');
  return (ms < 0 ? '-' : '+') + text.replace(/:00$/, '');
}
