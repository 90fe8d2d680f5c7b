import { createHash } from 'node:crypto';
import { identityKey } from '@oncefold/request-token';
import { parseTrade, type StateImage, type Trade, tradeToItem } from '@oncefold/trades';
import { hierarchy, valuesOf } from '../lab.ts';

/** What an event of the state table's stream is made of. */
export interface StateTableEventOptions {
  readonly records: number;
  /** Values of each of the three dimensions, from the root down; the lab has 2, 2 and 3, which are 18 nodes. */
  readonly values?: readonly [number, number, number];
  /** Bytes that are added to each image as text in a further attribute, for records of a certain size. */
  readonly padding?: number;
}

const SOURCE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/StateTable/stream/2025-11-23T08:00:00.000';
const STARTED_SECONDS = 1_763_884_800;

/**
 * Makes the text of an event of the state table's stream, as Lambda sends it to the map function: items as the state function writes
 * them, all attributes included, each record of a trade of its own. Of 100 records 60 are new trades, 32 other values, 5 moves to another
 * leaf and 3 removals. Equal options make equal texts.
 */
export function stateTableEventText(options: StateTableEventOptions): string {
  const Records = Array.from({ length: options.records }, (_none, index) => recordOf(index, options));
  return JSON.stringify({ Records, shardId: 'shardId-00000001763884800000-3a8f9b2c', window: windowOf() });
}

function windowOf() {
  return { start: '2025-11-23T08:00:00Z', end: '2025-11-23T08:00:03Z' };
}

function recordOf(index: number, { values = [2, 2, 3], padding = 0 }: StateTableEventOptions) {
  const kind = index % 100;
  const eventName = kind < 60 ? 'INSERT' : kind < 97 ? 'MODIFY' : 'REMOVE';
  // A prime, so that all leaves occur before one occurs again.
  const leaf = (index * 7_919) % (values[0] * values[1] * values[2]);
  const before = imageOf({ index, version: 0, leaf, values, padding });
  const after = imageOf({ index, version: 1, leaf: kind < 92 ? leaf : leaf + 1, values, padding });
  return {
    eventID: digestOf('event', index).slice(0, 32),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: secondsOf(index),
      Keys: { id: before.id },
      ...(eventName !== 'REMOVE' && { NewImage: eventName === 'INSERT' ? before : after }),
      ...(eventName !== 'INSERT' && { OldImage: before }),
      SequenceNumber: String(100_000_000_000_000_000_000n + BigInt(index)),
      SizeBytes: 600,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: SOURCE,
  };
}

/** An item as the state function writes it, with the entries of its history. */
function imageOf(options: ImageOptions) {
  const { index, version, padding } = options;
  const item = tradeToItem(tradeOf(options));
  const history = Array.from(
    { length: version + 1 },
    (_none, applied) => [`Applied${applied}`, { S: entryOf(index, applied) }] as const,
  );
  return {
    id: { S: item.id },
    ...attributesOf(item),
    RecordId: { S: recordKeyOf(index, version) },
    ...Object.fromEntries(history),
    ...(padding > 0 && { Note: { S: digestOf('note', index).repeat(padding).slice(0, padding) } }),
  };
}

interface ImageOptions {
  readonly index: number;
  readonly version: number;
  readonly leaf: number;
  readonly values: readonly [number, number, number];
  readonly padding: number;
}

function attributesOf({ Version, Value, Hierarchy, Timestamp, Dimensions }: StateImage) {
  return {
    Version: { N: Version },
    Value: { N: Value },
    Hierarchy: { S: Hierarchy },
    Timestamp: { N: Timestamp },
    Dimensions: { S: Dimensions },
  };
}

function tradeOf({ index, version, leaf, values: [risks, desks, regions] }: ImageOptions): Trade {
  const message = {
    TradeID: uuidOf(index),
    Version: version,
    Value: `${numberOf(`value ${version}`, index) % 20_000_000}e-2`,
    Hierarchy: {
      RiskType: nameOf(valuesOf('RiskType'), 'Risk', leaf % risks),
      TradeDesk: nameOf(valuesOf('TradeDesk'), 'Desk', Math.floor(leaf / risks) % desks),
      Region: nameOf(valuesOf('Region'), 'Region', Math.floor(leaf / risks / desks) % regions),
    },
    Timestamp: secondsOf(index) + (numberOf('time', index) % 1_000_000) / 1_000_000,
  };
  const result = parseTrade(JSON.stringify(message), hierarchy);
  if (result.code === 'invalid') {
    throw new Error(`invariant: ${result.reason}`);
  }
  return result.trade;
}

function secondsOf(index: number): number {
  return STARTED_SECONDS + Math.floor(index / 200);
}

/** The lab's names first. */
function nameOf(names: readonly string[], prefix: string, index: number): string {
  return names[index] ?? `${prefix}${index}`;
}

function recordKeyOf(index: number, version: number): string {
  return identityKey({
    namespace: 'production',
    consumer: 'state',
    source: 'arn:aws:kinesis:eu-west-1:123456789012:stream/IncomingDataStream',
    id: `shardId-000000000006:${49_590_338_271_490_256_608_559_692_538_361_571_095_921_597_598_913_650_000_000n + BigInt(2 * index + version)}`,
  });
}

function entryOf(index: number, version: number): string {
  const sequence = (
    49_590_338_271_490_256_608_559_692_538_361_571_095n + BigInt(2 * index + version)
  ).toString(36);
  return `${version}:${digestOf('shard', 6).slice(0, 8)}:${sequence}:0:${digestOf(`payload ${version}`, index).slice(0, 12)}`;
}

function uuidOf(index: number): string {
  return digestOf('trade', index).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** Some number below 2^32 that is the same in each run. */
function numberOf(what: string, index: number): number {
  return Number.parseInt(digestOf(what, index).slice(0, 8), 16);
}

function digestOf(what: string, index: number): string {
  return createHash('sha256').update(`${what} ${index}`).digest('hex');
}
