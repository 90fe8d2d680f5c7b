/**
 * Goal: a history on the simulated store is one that DynamoDB could have. Method: random requests, valid and invalid ones, are
 * sent to the simulated store and to DynamoDB Local; both must give the same answers and leave the same items. Not compared are
 * the texts of messages and how many units of capacity there were, which DynamoDB Local counts in its own way.
 */
import {
  type AttributeValue,
  type BatchStatementResponse,
  type CancellationReason,
  type ConsumedCapacity,
  CreateTableCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { formatDecimal, parseSum } from '@oncefold/reducer';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandRequest, createStore } from '../src/index.ts';
import { commandsWithOneToken, randomCommands, TABLE } from './support/random-requests.ts';

/** About 800 commands, a few seconds. */
const RUNS = 120;

const dynamodb = useDynamoDb();
beforeAll(async () => {
  await dynamodb.client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'part', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'part', KeyType: 'RANGE' },
      ],
    }),
  );
});

describe('commandRequest', () => {
  it('answers and writes as DynamoDB Local does', async () => {
    const met = new Set<string>();
    let run = 0;
    const property = fc.asyncProperty(randomCommands, async (makes) => {
      const store = createStore({ tables: [{ name: TABLE, key: ['id', 'part'] }], now: () => 0 });
      const prefix = `${run++}-`;
      for (const make of makes) {
        const command = make(prefix);
        const answer = await answerOf(() => commandRequest(store, command).begin().finish());
        const expected = await answerOf(() => dynamodb.client.send(command as never));
        expect(answer, JSON.stringify(command.input)).toEqual(expected);
        met.add(answer.isReplay ? 'replay' : (answer.error ?? 'success'));
      }
      expect(sorted(store.snapshot(TABLE))).toEqual(sorted(await engineItems(prefix)));
    });
    await fc.assert(property, { numRuns: RUNS, examples: [[commandsWithOneToken]] });
    // A property that has not met what it is about says nothing.
    expect([...met].sort()).toEqual([
      'ConditionalCheckFailedException',
      'IdempotentParameterMismatchException',
      'TransactionCanceledException',
      'ValidationException',
      'replay',
      'success',
    ]);
  });
});

type Item = Record<string, AttributeValue>;

/** What both give in one form, or throw. */
interface Answer {
  readonly error?: string;
  readonly item?: unknown;
  readonly members?: unknown;
  readonly isReplay?: boolean;
}

async function answerOf(send: () => unknown): Promise<Answer> {
  try {
    const output = (await send()) as {
      readonly Item?: Item;
      readonly Attributes?: Item;
      readonly Responses?: readonly (BatchStatementResponse & { Item?: Item })[];
      readonly ConsumedCapacity?: unknown;
    };
    return {
      item: plain(output.Item ?? output.Attributes),
      members: output.Responses?.map(({ Error: error, Item }) => [error?.Code, plain(error?.Item ?? Item)]),
      // DynamoDB Local tells the capacity of other requests as well, unasked and not as a list.
      isReplay:
        Array.isArray(output.ConsumedCapacity) &&
        output.ConsumedCapacity.every(
          ({ WriteCapacityUnits = 0 }: ConsumedCapacity) => WriteCapacityUnits === 0,
        ),
    };
  } catch (error) {
    const { name, Item, CancellationReasons } = error as Error & {
      readonly Item?: Item;
      readonly CancellationReasons?: readonly CancellationReason[];
    };
    if (name === 'AssertionError' || name === 'SimulatedStoreError' || name === 'TypeError') {
      throw error;
    }
    // DynamoDB documents a ValidationError among the reasons; DynamoDB Local refuses the request instead.
    if (CancellationReasons?.some(({ Code }) => Code === 'ValidationError')) {
      return { error: 'ValidationException', item: undefined, members: undefined };
    }
    return {
      error: name,
      item: plain(Item),
      members: CancellationReasons?.map((reason) => [reason.Code, plain(reason.Item)]),
    };
  }
}

/** Bytes as a list, and numbers in one form: DynamoDB Local writes some with an exponent. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return [...value];
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'N' && typeof member === 'string' ? formatDecimal(parseSum(member)) : plain(member),
    ]),
  );
}

async function engineItems(prefix: string): Promise<Item[]> {
  const items: Item[] = [];
  for (const id of ['a', 'b', 'c']) {
    const { Items = [] } = await dynamodb.client.send(
      new QueryCommand({
        TableName: TABLE,
        ConsistentRead: true,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': { S: prefix + id } },
      }),
    );
    items.push(...Items);
  }
  return items;
}

function sorted(items: readonly object[]): string[] {
  return items.map((item) => JSON.stringify(Object.entries(plain(item) as object).sort())).sort();
}
