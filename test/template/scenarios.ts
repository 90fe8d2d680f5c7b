import { randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { place } from './project-template.ts';
import type { RecordingProxy } from './recording-proxy.ts';

/** One delivery to a function, and what the world is like while it works. */
export interface Delivery {
  /** What this delivery brings the function to do. */
  readonly purpose: string;
  readonly event: object;
  readonly world?: Partial<Pick<RecordingProxy, 'withholdsItems' | 'refusesTransactions'>>;
  readonly fails?: boolean;
  /** An item that is there before, and the variable of the function that names its table. */
  readonly given?: { readonly variable: string; readonly item: Readonly<Record<string, AttributeValue>> };
}

/**
 * Deliveries that bring the state function to every request that it has: new, repeated, newer and older versions, a
 * message that is none, and a trade that seems to have gone when its version is looked at.
 */
export function stateDeliveries(): Delivery[] {
  const trade = { TradeID: randomUUID(), Value: 1, Timestamp: 1_763_884_800 };
  const Hierarchy = { RiskType: 'PV', Region: 'EMEA', TradeDesk: 'FXSpot' };
  let sequence = 0;
  const formerShard = `shardId-former-${trade.TradeID}`;
  const event = (...messages: string[]): object => eventOf(`shardId-${trade.TradeID}`, messages);
  const eventOf = (shardId: string, messages: readonly string[]): object => ({
    Records: messages.map((message) => {
      sequence += 1;
      const sequenceNumber = String(sequence);
      return {
        eventID: `${shardId}:${sequenceNumber}`,
        eventSource: 'aws:kinesis',
        eventSourceARN: `arn:aws:kinesis:${place.region}:${place.accountId}:stream/IncomingDataStream`,
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
    { purpose: 'insert, and quarantine', event: event(version(1), 'no trade') },
    { purpose: 'update', event: event(version(2)) },
    {
      purpose: 'move the account of a shard that release 0.1.0 began',
      event: eventOf(formerShard, [version(2)]),
      given: { variable: 'ACCOUNTING_TABLE', item: formerAccount(`state#${formerShard}`) },
    },
    { purpose: 'look in quarantine whether it was a conflict before', event: event(version(0)) },
    {
      purpose: 'look whether it is there at all',
      event: event(version(0)),
      world: { withholdsItems: true },
    },
  ];
}

function formerAccount(shard: string): Record<string, AttributeValue> {
  const counters = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'];
  return {
    Shard: { S: shard },
    SequenceNumber: { S: '0'.repeat(129) },
    ...Object.fromEntries(counters.map((counter) => [counter, { N: '0' }])),
  };
}

/**
 * Deliveries to a function that commits: records that count, which start a shard, a bad one, all of it again, and a commit that
 * is refused. Powertools asks for its record where an engine does not return it; no other guard reads.
 */
function committingDeliveries(event: (id: string) => object, strategy: string | undefined): Delivery[] {
  const first = event('1');
  return [
    { purpose: 'commit, and quarantine', event: first },
    { purpose: 'recognise a redelivery', event: first },
    ...(strategy === 'powertools'
      ? [{ purpose: 'ask for what was remembered', event: first, world: { withholdsItems: true } }]
      : []),
    {
      purpose: 'give up what was begun',
      event: event('2'),
      world: { refusesTransactions: true },
      fails: true,
    },
    ...(strategy === 'ledger' || strategy === 'checkpoint'
      ? [{ purpose: 'redrive what was given up', event: redriveOf(event('2')) }]
      : []),
  ];
}

/** A batch as `oncefold redrive` hands it in again. */
function redriveOf(event: object): object {
  const { Records, shardId } = event as { readonly Records: unknown; readonly shardId: string };
  return { Records, redrive: { version: 1, shardId } };
}

/** Deliveries to the map function. */
export function mapDeliveries(strategy?: string): Delivery[] {
  const id = randomUUID();
  const event = (batch: string): object =>
    streamEvent(id, batch, [
      {
        id: { S: `${id}-${batch}` },
        Version: { N: '0' },
        Value: { N: '1' },
        Hierarchy: { S: '{"Region":"EMEA","RiskType":"PV","TradeDesk":"FXSpot"}' },
        Timestamp: { N: '1763884800' },
      },
      { id: { S: 'no trade' } },
    ]);
  return committingDeliveries(event, strategy);
}

/** Deliveries to the reduce function. */
export function reduceDeliveries(strategy?: string): Delivery[] {
  const id = randomUUID();
  const event = (batch: string): object =>
    streamEvent(id, batch, [
      {
        MessageId: { S: `${id}-${batch}` },
        Message: { S: '{"PV":"1","message_count":"1"}' },
        Recount: { S: '{":1:PV":"1"}' },
      },
      { MessageId: { S: `${id}-${batch}-bad` } },
    ]);
  return committingDeliveries(event, strategy);
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
      eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/Table/stream/2026-01-01T00:00:00.000',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
        Keys: Object.fromEntries(Object.entries(NewImage).slice(0, 1)),
        NewImage,
        SequenceNumber: `${batch}00000000000000000000${index}`,
      },
    })),
  };
}
