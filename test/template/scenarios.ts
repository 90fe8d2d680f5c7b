import { randomUUID } from 'node:crypto';
import type { RecordingProxy } from './recording-proxy.ts';

/** One delivery to a function, and what the world is like while it works. */
export interface Delivery {
  /** What this delivery brings the function to do. */
  readonly purpose: string;
  readonly event: object;
  readonly world?: Partial<Pick<RecordingProxy, 'withholdsItems' | 'refusesTransactions'>>;
  readonly fails?: boolean;
}

/**
 * Deliveries that bring the state function to every request that it has: new, repeated, newer and older versions, a
 * message that is none, and a trade that seems to have gone when its version is looked at.
 */
export function stateDeliveries(): Delivery[] {
  const trade = { TradeID: randomUUID(), Value: 1, Timestamp: 1_763_884_800 };
  const Hierarchy = { RiskType: 'PV', Region: 'EMEA', TradeDesk: 'FXSpot' };
  let sequence = 0;
  const event = (...messages: string[]): object => ({
    Records: messages.map((message) => {
      sequence += 1;
      const sequenceNumber = String(sequence);
      return {
        eventID: `shardId-${trade.TradeID}:${sequenceNumber}`,
        eventSource: 'aws:kinesis',
        kinesis: {
          sequenceNumber,
          partitionKey: 'a',
          data: Buffer.from(message).toString('base64'),
          approximateArrivalTimestamp: 1,
        },
      };
    }),
  });
  const version = (Version: number): string => JSON.stringify({ ...trade, Version, Hierarchy });
  return [
    { purpose: 'insert, and put aside', event: event(version(1), 'no trade') },
    { purpose: 'update', event: event(version(2)) },
    {
      purpose: 'look whether it is there at all',
      event: event(version(0)),
      world: { withholdsItems: true },
    },
  ];
}

/** Deliveries to a function that commits: records that count, a bad one, all of it again, and a commit that is refused. */
function committingDeliveries(event: (id: string) => object): Delivery[] {
  const first = event('1');
  return [
    { purpose: 'commit, and put aside', event: first },
    { purpose: 'recognise a redelivery', event: first },
    { purpose: 'ask for what was remembered', event: first, world: { withholdsItems: true } },
    {
      purpose: 'give up what was begun',
      event: event('2'),
      world: { refusesTransactions: true },
      fails: true,
    },
  ];
}

/** Deliveries to the map function. */
export function mapDeliveries(): Delivery[] {
  const id = randomUUID();
  return committingDeliveries((batch) =>
    streamEvent(id, batch, [
      {
        id: { S: `${id}-${batch}` },
        Version: { N: '0' },
        Value: { N: '1' },
        Hierarchy: { S: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}' },
        Timestamp: { N: '1763884800' },
      },
      { id: { S: 'no trade' } },
    ]),
  );
}

/** Deliveries to the reduce function. */
export function reduceDeliveries(): Delivery[] {
  const id = randomUUID();
  return committingDeliveries((batch) =>
    streamEvent(id, batch, [
      { MessageId: { S: `${id}-${batch}` }, Message: { S: '{"PV":"1","message_count":"1"}' } },
      { MessageId: { S: `${id}-${batch}-bad` } },
    ]),
  );
}

/** The schedule's event, as often as there are settings; each recording has a round of its own in the end. */
const ROUND = '2026-01-01T00:00:00.000Z';

/** Deliveries to the generator: a round, and the same once more. */
export function generatorDeliveries(): Delivery[] {
  const event = { source: 'aws.events', 'detail-type': 'Scheduled Event', time: ROUND };
  return [
    { purpose: 'play a round', event },
    { purpose: 'find that it has begun', event },
  ];
}

/** Deliveries to the scoreboard: a round that the generator has played, the same once more, and one that is none. */
export function scoreboardDeliveries(): Delivery[] {
  const event = (name: string): object => ({
    Records: [
      {
        messageId: randomUUID(),
        eventSource: 'aws:sqs',
        body: JSON.stringify({ responsePayload: { name } }),
      },
    ],
  });
  return [
    { purpose: 'judge', event: event(ROUND) },
    { purpose: 'find that it was judged', event: event(ROUND) },
    { purpose: 'refuse a round that is none', event: event('none'), fails: true },
  ];
}

/** An event of a table's stream, with the shard that a mapping with a tumbling window tells. */
function streamEvent(id: string, batch: string, images: readonly Record<string, unknown>[]): object {
  return {
    shardId: `shardId-${id}`,
    state: {},
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
    window: { start: '2025-11-23T08:00:00Z', end: '2025-11-23T08:15:00Z' },
    Records: images.map((NewImage, index) => ({
      eventID: `${id}-${batch}-${index}`,
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: {
        ApproximateCreationDateTime: 1_763_884_801,
        Keys: Object.fromEntries(Object.entries(NewImage).slice(0, 1)),
        NewImage,
        SequenceNumber: `${batch}00000000000000000000${index}`,
      },
    })),
  };
}
