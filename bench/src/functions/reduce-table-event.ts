import { formatContribution, parseDecimal } from '@oncefold/reducer';
import { valuesOf } from '../lab.ts';

const SOURCE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/ReduceTable/stream/2025-11-23T08:00:00.000';
const STARTED_SECONDS = 1_763_884_800;
const risks = valuesOf('RiskType');
const desks = valuesOf('TradeDesk');
const regions = valuesOf('Region');

/** All nodes of the lab, and the row that counts messages. */
const nodes = [
  ...risks,
  ...risks.flatMap((risk) => desks.map((desk) => `${risk}:${desk}`)),
  ...risks.flatMap((risk) => desks.flatMap((desk) => regions.map((region) => `${risk}:${desk}:${region}`))),
  'message_count',
];

/**
 * Makes the text of an event of the reduce table's stream, as Lambda sends it to the reduce function: new rows, each with sums of all of
 * the lab's nodes, about 1 kB. Equal counts make equal texts.
 */
export function reduceTableEventText(records: number): string {
  return JSON.stringify({ Records: Array.from({ length: records }, (_none, index) => recordOf(index)) });
}

function recordOf(index: number) {
  const MessageId = {
    S: `v2#production#map#arn:aws:dynamodb:eu-west-1:123456789012:table/StateTable#shardId-00000001763884800000-3a8f9b2c#${100_000_000_000_000_000_000n + BigInt(index)}`,
  };
  const sums = nodes.map(
    (node, level) => [node, parseDecimal(`${(index * 7_919 + level * 104_729) % 90_000_000}e-2`)] as const,
  );
  return {
    eventID: String(index).padStart(32, '0'),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: STARTED_SECONDS + Math.floor(index / 200),
      Keys: { MessageId },
      NewImage: {
        MessageId,
        Message: { S: formatContribution(new Map(sums)) },
        ExpiresAt: { N: String(STARTED_SECONDS + 691_200) },
      },
      SequenceNumber: String(200_000_000_000_000_000_000n + BigInt(index)),
      SizeBytes: 1_000,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: SOURCE,
  };
}
