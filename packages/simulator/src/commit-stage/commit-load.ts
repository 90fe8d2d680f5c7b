import type { ProducedRecord, StreamDefinition } from '../application.ts';
import type { Draw } from '../random/draw.ts';

/** Records of one history: the sum of all of them has fewer digits than a sum may have. */
const RECORDS_MAX = 22;
/** Leaves of one record; the parent is one key more. */
const LEAVES_MAX = 79;
/** Where the leaves of wide records begin: far apart, so that a batch of them needs several transactions. */
const WIDE_STARTS = 4;
/** User records in one Kinesis record. */
const AGGREGATED_MAX = 4;
/** Pieces of one large record that are written before its transaction. */
const PIECES_MAX = 3;
/** Pauses that no stream remembers, in milliseconds: more than 24 hours; and some that no ledger of three days does. */
const PAUSES_MS: readonly (readonly [number, number])[] = [
  [25 * 3_600_000, 30 * 3_600_000],
  [25 * 3_600_000, 30 * 3_600_000],
  [80 * 3_600_000, 120 * 3_600_000],
];

/** What one record of the load says. */
export interface LoadedRecord {
  /** Names it for ever; two puts with one name are one record, sent twice by its producer. */
  readonly id: string;
  /** Record n adds 10^n to each of its leaves, so that a wrong sum names the records that are lost or doubled. */
  readonly power: number;
  /** Numbers of its leaves; none: the record adds nothing. */
  readonly leaves: readonly number[];
  /** It has a write of its own that adds 10^n to an item of all records, beside the effect. */
  readonly isTallied?: true;
  /** It is kept as an item of its own, with so many pieces that are written before; absent: it is not. */
  readonly pieces?: number;
}

/** The records of a history, and how they are put. */
export interface CommitLoad {
  readonly records: readonly LoadedRecord[];
  readonly puts: readonly ProducedRecord[];
}

/** How many leaves the records of a history have. */
type Width = 'narrow' | 'mixed' | 'wide' | 'one';

/** Wide records cost most of a history's time, and batches of several transactions need few of them. */
const WIDTHS: readonly Width[] = [
  'one',
  'one',
  'narrow',
  'narrow',
  'narrow',
  'narrow',
  'narrow',
  'narrow',
  'narrow',
  'mixed',
  'wide',
];

interface Place {
  readonly stream: StreamDefinition;
  readonly partitionKey: string;
  readonly atMs: number;
}

/**
 * Draws records of 0 to 79 leaves, with and without writes of their own, and the times at which they are put.
 *
 * @param isRepeating - whether a producer may put a record twice; only a guard that knows records by their own names takes the
 * two for one
 */
export function drawLoad(
  draw: Draw,
  options: {
    readonly streams: readonly StreamDefinition[];
    readonly isRepeating: boolean;
    readonly kept: ReadonlySet<number> | undefined;
    /** Most leaves of a record. */
    readonly leavesMax: number | undefined;
  },
): CommitLoad {
  const { streams, isRepeating, kept, leavesMax } = options;
  const count = draw.integer(1, draw.chance(0.9) ? 8 : RECORDS_MAX);
  const width = draw.pick(WIDTHS);
  const burstMs = draw.pick([0, 0, 10, 500, 20_000]);
  const hasOwnWrites = draw.chance(0.25);
  const isAggregating = draw.chance(0.15);
  const pauseBefore = draw.chance(0.3) ? draw.integer(1, Math.ceil(count / 2)) : count;
  const records: LoadedRecord[] = [];
  const puts: ProducedRecord[] = [];
  let atMs = 0;
  let last: { place: Place; members: LoadedRecord[] } | undefined;
  for (let power = 0; power < count; power += 1) {
    const own = draw.fork('record', power);
    atMs += own.integer(0, burstMs) + (power === pauseBefore ? own.integer(...own.pick(PAUSES_MS)) : 0);
    if (kept?.has(power) === false) {
      continue;
    }
    const writes = hasOwnWrites ? drawOwnWrites(own.fork('writes')) : {};
    const record: LoadedRecord = {
      id: `r${power}`,
      power,
      leaves: drawLeaves(own, width).slice(0, leavesMax),
      ...writes,
    };
    records.push(record);
    const isJoining = isAggregating && power !== pauseBefore && own.fork('aggregate').chance(0.5);
    if (isJoining && last?.place.stream.kind === 'kinesis' && last.members.length < AGGREGATED_MAX) {
      last.members.push(record);
      puts[puts.length - 1] = putOf(last.members, last.place);
      continue;
    }
    last = {
      place: { stream: own.pick(streams), atMs, partitionKey: `key-${own.integer(0, 5)}` },
      members: [record],
    };
    puts.push(putOf(last.members, last.place));
  }
  return { records, puts: withRepeats(puts, isRepeating ? draw.fork('repeats') : undefined) };
}

/** Lets a producer that heard nothing put a record once more. */
function withRepeats(puts: readonly ProducedRecord[], draw: Draw | undefined): readonly ProducedRecord[] {
  const repeats = puts.flatMap((put) =>
    draw?.chance(0.15) ? [{ ...put, atMs: put.atMs + draw.integer(0, draw.pick([20, 2_000])) }] : [],
  );
  return [...puts, ...repeats].sort((a, b) => a.atMs - b.atMs);
}

function drawOwnWrites(draw: Draw): Pick<LoadedRecord, 'isTallied' | 'pieces'> {
  const isTallied = draw.chance(0.4);
  const isKept = draw.chance(0.3);
  return { ...(isTallied && { isTallied }), ...(isKept && { pieces: draw.integer(0, PIECES_MAX) }) };
}

function drawLeaves(draw: Draw, width: Width): readonly number[] {
  if (draw.chance(0.08)) {
    return [];
  }
  const isWide = width === 'wide' || (width === 'mixed' && draw.chance(0.3));
  if (width === 'one') {
    return [draw.integer(0, 7)];
  }
  const count = isWide ? draw.integer(20, LEAVES_MAX) : draw.integer(1, 4);
  // Neighbours share keys: leaf 0 is hot, the others begin anywhere.
  const first = isWide
    ? draw.integer(0, WIDE_STARTS - 1) * LEAVES_MAX
    : draw.integer(0, 3) * draw.integer(0, 15);
  return Array.from({ length: count }, (_, index) => (index === 0 ? 0 : first + index));
}

function putOf(members: readonly LoadedRecord[], { stream, atMs, partitionKey }: Place): ProducedRecord {
  const text = JSON.stringify(members.length === 1 ? members[0] : members);
  const label = members.map(({ id }) => id).join('+');
  return {
    atMs,
    stream: stream.name,
    partitionKey,
    label,
    // All of it is ASCII.
    content:
      stream.kind === 'kinesis' ? { data: btoa(text) } : { image: { Id: { S: label }, Body: { S: text } } },
  };
}

/** The first bytes of a list of objects, `[{"`. */
const LIST_IN_BASE64 = 'W3si';

/** A record of an event of either kind of stream. */
export interface StageRecord {
  readonly eventID: string;
  readonly kinesis?: { readonly data: string; readonly subSequenceNumber?: number };
  readonly dynamodb?: { readonly NewImage?: Readonly<Record<string, { readonly S?: string }>> };
}

/** An event of either kind of stream. */
export interface StageEvent {
  readonly Records: readonly StageRecord[];
}

/**
 * Makes a record for each user record of a Kinesis record, with the ids that `@oncefold/kinesis-aggregation` gives them.
 *
 * The packing is JSON instead of that of the Kinesis Producer Library: what is under test is the commit of sub-records, and a
 * browser has no MD5.
 */
export function unpackRecords(event: StageEvent): StageEvent {
  const records = event.Records.flatMap((record): readonly StageRecord[] => {
    if (!record.kinesis?.data.startsWith(LIST_IN_BASE64)) {
      return [record];
    }
    const members: readonly LoadedRecord[] = JSON.parse(textOf(record));
    return members.map((member, subSequenceNumber) => ({
      ...record,
      eventID: `${record.eventID}:${subSequenceNumber}`,
      kinesis: { ...record.kinesis, data: btoa(JSON.stringify(member)), subSequenceNumber },
    }));
  });
  return records.length === event.Records.length ? event : { ...event, Records: records };
}

/** What records of events say: several parts of a function ask for it. */
const loadedRecords = new WeakMap<StageRecord, LoadedRecord>();

/** Reads a record of an event back. */
export function recordOf(record: StageRecord): LoadedRecord {
  const known = loadedRecords.get(record);
  if (known !== undefined) {
    return known;
  }
  const loaded: LoadedRecord = JSON.parse(textOf(record));
  loadedRecords.set(record, loaded);
  return loaded;
}

function textOf(record: StageRecord): string {
  const text =
    record.kinesis === undefined ? record.dynamodb?.NewImage?.['Body']?.S : atob(record.kinesis.data);
  if (text === undefined) {
    throw new Error('invariant: a record of the load has a body');
  }
  return text;
}

/** Name of a leaf's key. */
export function leafKey(leaf: number): string {
  return `leaf-${leaf}`;
}

/** Name of the key that holds the sum of all leaves. */
export const PARENT_KEY = 'all';
