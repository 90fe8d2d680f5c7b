import { createHash } from 'node:crypto';
import { type Contribution, type Decimal, parseDecimal } from '@oncefold/reducer';

/** A Kinesis event of one shard, as far as it names its records. */
export interface SampleEvent {
  readonly Records: readonly {
    readonly eventID: string;
    readonly eventSourceARN: string;
    readonly kinesis: { readonly sequenceNumber: string; readonly approximateArrivalTimestamp: number };
  }[];
}

/** What one record adds. */
export interface SampleElement {
  readonly contribution: Contribution;
}

/** A batch of one shard, and what its records add. */
export interface SampleBatch {
  readonly event: SampleEvent;
  readonly elements: readonly SampleElement[];
}

export const SAMPLE_SOURCE = 'arn:aws:kinesis:eu-west-1:123456789012:stream/IncomingDataStream';
export const SAMPLE_SHARD = 'shardId-000000000006';

/** Names of the lab's hierarchy: 18 nodes, and the count of messages. */
const RISK_TYPES = ['Delta', 'PV'];
const DESKS = ['FXSpot', 'Rates'];
const REGIONS = ['AMER', 'APAC', 'EMEA'];

const FIRST_SEQUENCE_NUMBER = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_597_598_913_650_000_000n;

/**
 * Makes a batch as the lab's records are: each adds to three nodes, and to the count.
 *
 * @param first - place of its first record in the shard; batches that do not overlap have no record in common
 */
export function sampleBatch(count: number, first = 0): SampleBatch {
  const time = Date.now() / 1000;
  const event: SampleEvent = {
    Records: Array.from({ length: count }, (_none, index) => {
      const sequenceNumber = String(FIRST_SEQUENCE_NUMBER + BigInt(first + index));
      return {
        eventID: `${SAMPLE_SHARD}:${sequenceNumber}`,
        eventSourceARN: SAMPLE_SOURCE,
        kinesis: { sequenceNumber, approximateArrivalTimestamp: time },
      };
    }),
  };
  return {
    // It comes as JSON: texts that were put together are kept in pieces.
    event: JSON.parse(JSON.stringify(event)),
    elements: Array.from({ length: count }, (_none, index) => ({ contribution: contributionOf(index) })),
  };
}

function contributionOf(index: number): Contribution {
  const random = createHash('sha256').update(String(index)).digest();
  const pick = (names: readonly string[], place: number): string =>
    names[random.readUInt8(place) % names.length] as string;
  const [riskType, desk, region] = [pick(RISK_TYPES, 0), pick(DESKS, 1), pick(REGIONS, 2)];
  const value: Decimal = parseDecimal((random.readInt32BE(3) / 100).toFixed(2));
  return new Map([
    [riskType, value],
    [`${riskType}:${desk}`, value],
    [`${riskType}:${desk}:${region}`, value],
    ['message_count', parseDecimal('1')],
  ]);
}
