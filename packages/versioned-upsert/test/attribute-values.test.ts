/**
 * Goal: what the package takes for a value is one for DynamoDB, which keeps it, and values that it takes for equal are equal there.
 * Otherwise one record's content would refuse a whole request, or a redelivered record would look like a conflict. Method: random
 * values, wrong ones among them, are stored on the engines, read back, and compared by the engine's own condition.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, type Engine, freshCredentials, startDynamoDb } from '@oncefold/engines';
import { useDynamoDb } from '@oncefold/engines/vitest';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalText } from '../src/attribute-values.ts';

const { client } = useDynamoDb();
let dynoxide: { readonly engine: Engine; readonly client: DynamoDBClient };
beforeAll(async () => {
  const engine = await startDynamoDb({ engine: 'dynoxide' });
  const credentials = freshCredentials();
  dynoxide = { engine, client: createLocalDynamoDb({ endpoint: engine.endpoint, credentials }) };
  for (const one of [client, dynoxide.client]) {
    await one.send(
      new CreateTableCommand({
        TableName: 'Values',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      }),
    );
  }
});
afterAll(async () => {
  dynoxide?.client.destroy();
  await dynoxide?.engine.stop();
});

const digits = fc.stringMatching(/^\d{1,20}$/);
const number = fc.oneof(
  digits,
  fc.tuple(fc.constantFrom('', '-'), digits, digits).map(([sign, whole, part]) => `${sign}${whole}.${part}`),
  fc.tuple(digits, fc.integer({ min: -150, max: 140 })).map(([whole, exponent]) => `${whole}e${exponent}`),
  fc.constantFrom('1', '1.0', '01', '10e-1', '-0', '.5', '5.', '', 'NaN', '1 ', '9'.repeat(39)),
);
const text = fc.oneof(fc.constantFrom('', 'a', 'b'), fc.string({ unit: 'binary', maxLength: 5 }));
const bytes = fc.uint8Array({ maxLength: 3 });
const set = <Member>(member: fc.Arbitrary<Member>) => fc.array(member, { maxLength: 3 });
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number.map((N) => ({ N })),
    text.map((S) => ({ S })),
    bytes.map((B) => ({ B })),
    fc.boolean().map((Bool) => ({ BOOL: Bool })),
    fc.constant({ NULL: true as const }),
    set(text).map((Ss) => ({ SS: Ss })),
    set(number).map((Ns) => ({ NS: Ns })),
    set(bytes).map((Bs) => ({ BS: Bs })),
    fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
    fc
      .dictionary(fc.constantFrom('a', 'b', '__proto__', 'ü'), tie('value'), { maxKeys: 3 })
      .map((M) => ({ M })),
  ) as fc.Arbitrary<AttributeValue>,
}));

/** A text in so many lists. */
const nested = (depth: number): AttributeValue => (depth === 0 ? { S: 'a' } : { L: [nested(depth - 1)] });

describe.each<[string, () => DynamoDBClient]>([
  ['DynamoDB Local', () => client],
  ['dynoxide', () => dynoxide.client],
])('canonicalText, against %s', (_name, clientOf) => {
  const put = (Value: AttributeValue) =>
    clientOf().send(new PutItemCommand({ TableName: 'Values', Item: { Id: { S: 'a' }, Value } }));

  it('takes only what DynamoDB takes and keeps', async () => {
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        const expected = canonicalText(given);
        fc.pre(expected !== undefined);
        await put(given);
        const { Item } = await clientOf().send(
          new GetItemCommand({ TableName: 'Values', Key: { Id: { S: 'a' } }, ConsistentRead: true }),
        );
        expect(canonicalText(Item?.['Value'])).toBe(expected);
      }),
      { numRuns: 200, examples: [[nested(31)], [nested(32)]] },
    );
  });

  it('gives two values one text if, and only if, they are equal there', async () => {
    const alike = fc.oneof(
      fc.tuple(value, value),
      number.map((N) => [{ N }, { N: `0${N}` }] as const),
    );
    await fc.assert(
      fc.asyncProperty(alike, async ([a, b]) => {
        const texts = [canonicalText(a), canonicalText(b)];
        fc.pre(!texts.includes(undefined));
        await put(a);
        const isEqual = await clientOf()
          .send(
            new UpdateItemCommand({
              TableName: 'Values',
              Key: { Id: { S: 'a' } },
              UpdateExpression: 'SET Seen = :value',
              ConditionExpression: '#value = :value',
              ExpressionAttributeNames: { '#value': 'Value' },
              ExpressionAttributeValues: { ':value': b },
            }),
          )
          .then(() => true)
          .catch((error: unknown) => {
            if (error instanceof ConditionalCheckFailedException) {
              return false;
            }
            throw error;
          });
        expect(texts[0] === texts[1]).toBe(isEqual);
      }),
      { numRuns: 200 },
    );
  });
});
