/** How far a zone's clocks are ahead of UTC. */
export interface ZoneOffset {
  readonly ms: number;
  /** As ISO 8601 writes it: `+05:30`, with seconds where a historical offset has them: `-00:44:30`. */
  readonly text: string;
}

/** A zone's formatter, and the offsets of days that were asked for; undefined for a day on which the offset changes. */
interface Zone {
  readonly formatter: Intl.DateTimeFormat;
  readonly offsetByDay: Map<number, ZoneOffset | undefined>;
}

const DAY_MS = 86_400_000;
/** A formatter takes 0.05 ms to make and much memory, and a zone's name may be input. */
const ZONES_MAX = 64;
/** Three years for each zone, hardly ever asked for at once. */
const DAYS_MAX = 1_000;

const OFFSET_PATTERN = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;
type OffsetMatch = readonly [text: string, sign?: string, hours?: string, minutes?: string, seconds?: string];

export const UTC_OFFSET: ZoneOffset = { ms: 0, text: 'Z' };

/** What was asked for before is remembered and never decides an answer. */
const zoneByName = new Map<string, Zone>();

/**
 * Finds a zone's offset at a moment.
 *
 * Intl takes a microsecond for it, so each day of UTC is asked for once: at its start and at its end. No zone has changed its
 * offset twice within six days since 1850, so it is the same in between where it is the same at both.
 *
 * @param name - name of the zone in the IANA database
 * @param time - milliseconds since 1970
 * @throws {@link RangeError} when this Node.js does not know the zone
 */
export function zoneOffset(name: string, time: number): ZoneOffset {
  const zone = zoneByName.get(name) ?? addZone(name);
  const day = Math.floor(time / DAY_MS);
  if (!zone.offsetByDay.has(day)) {
    if (zone.offsetByDay.size === DAYS_MAX) {
      zone.offsetByDay.clear();
    }
    const [first, last] = [readOffset(zone, day * DAY_MS), readOffset(zone, (day + 1) * DAY_MS - 1)];
    zone.offsetByDay.set(day, first.ms === last.ms ? first : undefined);
  }
  return zone.offsetByDay.get(day) ?? readOffset(zone, time);
}

function addZone(name: string): Zone {
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const zone = { formatter, offsetByDay: new Map<number, ZoneOffset | undefined>() };
  if (zoneByName.size === ZONES_MAX) {
    const [oldest] = zoneByName.keys();
    zoneByName.delete(oldest as string);
  }
  zoneByName.set(name, zone);
  return zone;
}

/** Reads `10/25/2026, GMT+02:00`; without anything behind GMT, it is GMT. */
function readOffset({ formatter }: Zone, time: number): ZoneOffset {
  const match = OFFSET_PATTERN.exec(formatter.format(time)) as unknown as OffsetMatch;
  const [, sign = '+', hours = '00', minutes = '00', seconds] = match;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1_000;
  const text = `${sign}${hours}:${minutes}${seconds === undefined ? '' : `:${seconds}`}`;
  return { ms: sign === '-' ? -ms : ms, text };
}
