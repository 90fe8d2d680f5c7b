import type { ProducedRecord, StreamDefinition } from '../application.ts';
import type { Draw } from '../random/draw.ts';

/** Records of one history: the sum of all of them has fewer digits than a sum may have. */
const RECORDS_MAX = 22;
/** Leaves that records share; the parent is one key more. */
const LEAVES_MAX = 79;

/** What one record of the load says. */
export interface LoadedRecord {
  /** Names it for ever; two puts with one name are one record, sent twice by its producer. */
  readonly id: string;
  /** Record n adds 10^n to each of its leaves, so that a wrong sum names the records that are lost or doubled. */
  readonly power: number;
  /** Numbers of its leaves; none: the record adds nothing. */
  readonly leaves: readonly number[];
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
  'mixed',
  'mixed',
  'wide',
];

/**
 * Draws records of 0 to 79 leaves, and the times at which they are put.
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
  const count = draw.integer(1, draw.chance(0.7) ? 8 : RECORDS_MAX);
  const width = draw.pick(WIDTHS);
  const burstMs = draw.pick([10, 500, 20_000]);
  const records: LoadedRecord[] = [];
  const puts: ProducedRecord[] = [];
  let atMs = 0;
  for (let power = 0; power < count; power += 1) {
    const own = draw.fork('record', power);
    atMs += own.integer(0, burstMs);
    if (kept?.has(power) === false) {
      continue;
    }
    const record: LoadedRecord = {
      id: `r${power}`,
      power,
      leaves: drawLeaves(own, width).slice(0, leavesMax),
    };
    records.push(record);
    const stream = own.pick(streams);
    const put = putOf(record, { stream, atMs, partitionKey: `key-${own.integer(0, 5)}` });
    puts.push(put);
    if (isRepeating && own.chance(0.15)) {
      puts.push({ ...put, atMs: atMs + own.integer(0, 2_000) });
    }
  }
  return { records, puts: puts.sort((a, b) => a.atMs - b.atMs) };
}

function drawLeaves(draw: Draw, width: Width): readonly number[] {
  if (draw.chance(0.08)) {
    return [];
  }
  const isWide = width === 'wide' || (width === 'mixed' && draw.chance(0.3));
  const count = width === 'one' ? 1 : isWide ? draw.integer(20, LEAVES_MAX) : draw.integer(1, 4);
  // Neighbours share keys: leaf 0 is hot, the others begin anywhere.
  const first = isWide ? 0 : draw.integer(0, 3) * draw.integer(0, 15);
  return Array.from({ length: count }, (_, index) => (index === 0 ? 0 : (first + index) % LEAVES_MAX)).filter(
    (leaf, index, all) => all.indexOf(leaf) === index,
  );
}

function putOf(
  record: LoadedRecord,
  { stream, atMs, partitionKey }: { stream: StreamDefinition; atMs: number; partitionKey: string },
): ProducedRecord {
  const text = JSON.stringify(record);
  return {
    atMs,
    stream: stream.name,
    partitionKey,
    label: record.id,
    // All of it is ASCII.
    content:
      stream.kind === 'kinesis'
        ? { data: btoa(text) }
        : { image: { Id: { S: record.id }, Body: { S: text } } },
  };
}

/** Reads a record of an event back. */
export function recordOf(record: {
  readonly kinesis?: { readonly data: string };
  readonly dynamodb?: { readonly NewImage?: Readonly<Record<string, { readonly S?: string }>> };
}): LoadedRecord {
  const text =
    record.kinesis === undefined ? record.dynamodb?.NewImage?.['Body']?.S : atob(record.kinesis.data);
  if (text === undefined) {
    throw new Error('invariant: a record of the load has a body');
  }
  return JSON.parse(text);
}

/** Name of a leaf's key. */
export function leafKey(leaf: number): string {
  return `leaf-${leaf}`;
}

/** Name of the key that holds the sum of all leaves. */
export const PARENT_KEY = 'all';
