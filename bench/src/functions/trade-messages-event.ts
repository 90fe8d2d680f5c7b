import { valuesOf } from '../lab.ts';

const risks = valuesOf('RiskType');
const desks = valuesOf('TradeDesk');
const regions = valuesOf('Region');

/**
 * Makes the text of an event of the incoming stream, as Lambda sends it to the state function: new trades, each message of so many bytes.
 */
export function tradeMessagesEventText(
  records: number,
  { messageBytes }: { readonly messageBytes: number },
): string {
  return JSON.stringify({
    Records: Array.from({ length: records }, (_none, index) => recordOf(index, messageBytes)),
  });
}

function recordOf(index: number, messageBytes: number) {
  const tradeId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const sequenceNumber = String(
    49_590_338_271_490_256_608_559_692_538_361_571_095_921_597_598_913_650_000_000n + BigInt(index),
  );
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: tradeId,
      sequenceNumber,
      data: Buffer.from(messageOf(index, tradeId, messageBytes)).toString('base64'),
      approximateArrivalTimestamp: 1_763_884_800 + index / 200,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000006:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/StateFunction',
    awsRegion: 'eu-west-1',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/IncomingDataStream',
  };
}

/** Filled up by a field that the pipeline does not read. */
function messageOf(index: number, tradeId: string, bytes: number): string {
  const message = {
    TradeID: tradeId,
    Version: 0,
    Value: (index % 9_000_000) / 100,
    Hierarchy: {
      RiskType: risks[index % 2],
      Region: regions[Math.floor(index / 4) % 3],
      TradeDesk: desks[Math.floor(index / 2) % 2],
    },
    Timestamp: 1_763_884_800 + index / 200,
    Note: '',
  };
  return JSON.stringify({
    ...message,
    Note: 'x'.repeat(Math.max(0, bytes - JSON.stringify(message).length)),
  });
}
