/**
 * What a team would write that has none of our packages: the same transactions, action by action, straight to the SDK's client. It
 * checks nothing, cuts nothing that it does not know to be too large, and does not retry.
 */
import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { SAMPLE_SHARD, SAMPLE_SOURCE, type SampleBatch } from './sample-batch.ts';

export const AGGREGATES = { table: 'AggregateTable', key: 'Identifier', attribute: 'Value' } as const;
export const POSITION_TABLE = 'PositionTable';
export const LEDGER_TABLE = 'LedgerTable';
export const NAMES = { namespace: 'bench', consumer: 'map' } as const;
export const RETENTION_SECONDS = 1_296_000;

const ACTIONS_MAX = 100;
const UNITS_PER_ONE = 1_000_000_000_000n;
const KEY_PREFIX = `v2#${NAMES.namespace}#${NAMES.consumer}#${SAMPLE_SOURCE}#`;

/** One transaction that raises the position of the shard and adds the sums. */
export async function commitPositionByHand(batch: SampleBatch, client: DynamoDBClient): Promise<unknown> {
  const { Records } = batch.event;
  const positionOf = (record = Records[0]): string =>
    `${record?.kinesis.sequenceNumber.padStart(129, '0')}.0000000000`;
  const raise: TransactWriteItem = {
    Update: {
      TableName: POSITION_TABLE,
      Key: { Position: { S: KEY_PREFIX + SAMPLE_SHARD } },
      UpdateExpression: 'SET #attribute = :next',
      ConditionExpression: '#attribute < :other',
      ExpressionAttributeNames: { '#attribute': 'SequenceNumber' },
      ExpressionAttributeValues: {
        ':next': { S: positionOf(Records.at(-1)) },
        ':other': { S: positionOf() },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
  return await send([raise, ...additionsOf(batch, 0, Records.length)], client);
}

/** As many transactions as are needed, each with the markers of its records and their sums. */
export async function commitMarkersByHand(batch: SampleBatch, client: DynamoDBClient): Promise<unknown> {
  const { Records } = batch.event;
  let answer: unknown;
  for (let begin = 0, end = 0; begin < Records.length; begin = end) {
    const keys = new Set<string>();
    for (end = begin; end < Records.length; end += 1) {
      const size = keys.size;
      const own = [...(batch.elements[end]?.contribution.keys() ?? [])].filter((key) => !keys.has(key));
      if (size + own.length + (end + 1 - begin) > ACTIONS_MAX) {
        break;
      }
      for (const key of own) {
        keys.add(key);
      }
    }
    const expiresAt = String(Math.ceil(Date.now() / 1000) + RETENTION_SECONDS);
    const markers = Records.slice(begin, end).map(
      ({ eventID }): TransactWriteItem => ({
        Put: {
          TableName: LEDGER_TABLE,
          Item: { Marker: { S: KEY_PREFIX + eventID }, ExpiresAt: { N: expiresAt } },
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': 'Marker' },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      }),
    );
    answer = await send([...markers, ...additionsOf(batch, begin, end)], client);
  }
  return answer;
}

/** The sums alone, without any guard. */
export async function commitSumsByHand(batch: SampleBatch, client: DynamoDBClient): Promise<unknown> {
  return await send(additionsOf(batch, 0, batch.elements.length), client);
}

function additionsOf({ elements }: SampleBatch, begin: number, end: number): TransactWriteItem[] {
  const sums = new Map<string, bigint>();
  for (let index = begin; index < end; index += 1) {
    for (const [key, value] of elements[index]?.contribution ?? []) {
      sums.set(key, (sums.get(key) ?? 0n) + value);
    }
  }
  return Array.from(sums, ([key, sum]) => ({
    Update: {
      TableName: AGGREGATES.table,
      Key: { [AGGREGATES.key]: { S: key } },
      UpdateExpression: 'ADD #attribute :by',
      ExpressionAttributeNames: { '#attribute': AGGREGATES.attribute },
      ExpressionAttributeValues: { ':by': { N: textOf(sum) } },
    },
  }));
}

function textOf(sum: bigint): string {
  const units = sum < 0n ? -sum : sum;
  const fraction = String(units % UNITS_PER_ONE)
    .padStart(12, '0')
    .replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${units / UNITS_PER_ONE}${fraction && `.${fraction}`}`;
}

async function send(actions: TransactWriteItem[], client: DynamoDBClient): Promise<unknown> {
  return await client.send(
    new TransactWriteItemsCommand({ TransactItems: actions, ReturnConsumedCapacity: 'TOTAL' }),
  );
}
