import type { Random } from './random.ts';
import { formatFields, type TradeFields } from './trade-fields.ts';
import type { WorkloadDimension } from './workload.ts';

/** Below the 1 MiB that Kinesis takes for one record with its partition key. */
const OVERSIZED_BYTES = 1_000_000;

/** One way to be no trade, and the reason that quarantine must give. */
export interface InvalidKind {
  readonly name: string;
  readonly reason: string;
  /** Spoils the message that these fields would make. */
  readonly make: (fields: TradeFields, context: { dimension: string; random: Random }) => Uint8Array;
}

/**
 * Every way to be invalid that fits into a usual message.
 *
 * Their TradeIDs are used for nothing else, so they change no sum even where they are nearly valid.
 */
export const invalidKinds: readonly InvalidKind[] = [
  text('broken-json', 'broken-json', (fields) => formatFields(fields).slice(0, -2)),
  text('white-space-only', 'broken-json', () => ' \n'),
  text('plain-text', 'broken-json', () => 'TradeID=7; Value=12.5'),
  text('value-nan', 'broken-json', (fields) => spoil(fields, 'Value', 'NaN')),
  text('value-infinity', 'broken-json', (fields) => spoil(fields, 'Value', '-Infinity')),
  text('list', 'not-an-object', (fields) => `[${formatFields(fields)}]`),
  text('null', 'not-an-object', () => 'null'),
  text('text', 'not-an-object', (fields) => JSON.stringify(formatFields(fields))),
  text('value-twice', 'duplicate-name', (fields) => formatFields([...fields, ['Value', '0.01']])),
  ...['TradeID', 'Version', 'Value', 'Hierarchy', 'Timestamp'].map((field) =>
    text(`no-${field}`, 'missing-field', (fields) =>
      formatFields([...fields].filter(([name]) => name !== field)),
    ),
  ),
  text('no-dimension', 'missing-field', (fields) => spoil(fields, 'Hierarchy', '{}')),
  text('trade-id-number', 'wrong-type', (fields) => spoil(fields, 'TradeID', '7')),
  text('version-text', 'wrong-type', (fields) => spoil(fields, 'Version', '"0"')),
  text('value-null', 'wrong-type', (fields) => spoil(fields, 'Value', 'null')),
  text('value-boolean', 'wrong-type', (fields) => spoil(fields, 'Value', 'true')),
  text('value-list', 'wrong-type', (fields) => spoil(fields, 'Value', '[1]')),
  text('hierarchy-list', 'wrong-type', (fields) => spoil(fields, 'Hierarchy', '["PV", "FXSpot", "EMEA"]')),
  text('hierarchy-text', 'wrong-type', (fields) => spoil(fields, 'Hierarchy', '"PV"')),
  text('value-text-nan', 'not-a-number', (fields) => spoil(fields, 'Value', '"NaN"')),
  text('value-text-empty', 'not-a-number', (fields) => spoil(fields, 'Value', '""')),
  text('value-1e400', 'out-of-range', (fields) => spoil(fields, 'Value', '1e400')),
  text('value-1e-400', 'out-of-range', (fields) => spoil(fields, 'Value', '1e-400')),
  text('value-of-40-digits', 'out-of-range', (fields) => spoil(fields, 'Value', '1234567890'.repeat(4))),
  text('value-of-19-digits', 'out-of-range', (fields) => spoil(fields, 'Value', '"1000000000000000000"')),
  text('value-of-13-decimals', 'out-of-range', (fields) => spoil(fields, 'Value', '0.0000000000001')),
  text('version-negative', 'out-of-range', (fields) => spoil(fields, 'Version', '-1')),
  text('version-beyond-safe', 'out-of-range', (fields) => spoil(fields, 'Version', '9007199254740993')),
  text('version-fraction', 'not-an-integer', (fields) => spoil(fields, 'Version', '0.5')),
  text('trade-id-empty', 'empty-text', (fields) => spoil(fields, 'TradeID', '""')),
  text('trade-id-too-long', 'too-long', (fields) => spoil(fields, 'TradeID', `"${'t'.repeat(1025)}"`)),
  text('trade-id-lone-surrogate', 'malformed-unicode', (fields) => spoil(fields, 'TradeID', '"\\ud800"')),
  segment('dimension-number', 'wrong-type', '7'),
  segment('dimension-null', 'wrong-type', 'null'),
  segment('dimension-object', 'wrong-type', '{"toString": "PV"}'),
  segment('dimension-empty', 'empty-text', '""'),
  segment('dimension-too-long', 'too-long', `"${'d'.repeat(256)}"`),
  segment('dimension-separator', 'forbidden-separator', '"FXSpot:EMEA"'),
  segment('dimension-reserved-name', 'reserved-name', '"message_count"'),
  segment('dimension-control-character', 'control-character', '"FX\\u0000Spot"'),
  segment('dimension-lone-surrogate', 'malformed-unicode', '"\\udc00"'),
  bytes('binary', 'not-utf-8', (_fields, { random }) => [
    0xff,
    ...Array.from({ length: 199 }, () => random.below(256)),
  ]),
  bytes('cut-character', 'not-utf-8', (fields) => [...Buffer.from(formatFields(fields)), 0xe2, 0x82]),
];

/** Invalid messages of about 1 MB, which must neither stop a shard nor cost a second. */
export const oversizedKinds: readonly InvalidKind[] = [
  segment('dimension-of-1-mb', 'too-long', `"${'d'.repeat(OVERSIZED_BYTES)}"`),
  text('value-of-1-mb-of-digits', 'too-long', (fields) =>
    spoil(fields, 'Value', '7'.repeat(OVERSIZED_BYTES)),
  ),
  text('brackets-of-1-mb', 'broken-json', () => '['.repeat(OVERSIZED_BYTES)),
];

/** Numbers of the kinds take turns, so that any load with enough invalid messages has each of them. */
export function kindAt(kinds: readonly InvalidKind[], turn: number): InvalidKind {
  const kind = kinds[turn % kinds.length];
  if (kind === undefined) {
    throw new Error('There are no kinds of invalid messages.');
  }
  return kind;
}

/** The level that is spoiled or made odd: the second, because the lab calls it the desk; the only one where there is no second. */
export function deskOf(dimensions: readonly WorkloadDimension[]): string {
  return (dimensions[1] ?? dimensions[0])?.name ?? '';
}

/** Writes the message with another text, JSON or not, for one field. */
export function spoil(fields: TradeFields, field: string, json: string): string {
  return formatFields(new Map([...fields, [field, json]]));
}

/** Writes the message with another text, JSON or not, for one dimension. */
export function spoilSegment(fields: TradeFields, dimension: string, json: string): string {
  const segments = JSON.parse(fields.get('Hierarchy') ?? '{}') as Readonly<Record<string, string>>;
  const members = new Map(Object.entries(segments).map(([name, value]) => [name, JSON.stringify(value)]));
  return spoil(fields, 'Hierarchy', formatFields(members.set(dimension, json)));
}

function text(name: string, reason: string, make: (fields: TradeFields) => string): InvalidKind {
  return { name, reason, make: (fields) => Buffer.from(make(fields)) };
}

function segment(name: string, reason: string, json: string): InvalidKind {
  return {
    name,
    reason,
    make: (fields, { dimension }) => Buffer.from(spoilSegment(fields, dimension, json)),
  };
}

function bytes(
  name: string,
  reason: string,
  make: (...args: Parameters<InvalidKind['make']>) => readonly number[],
): InvalidKind {
  return { name, reason, make: (...args) => Uint8Array.from(make(...args)) };
}
