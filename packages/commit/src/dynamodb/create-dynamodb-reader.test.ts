// What is asked, and what is made of an answer. That DynamoDB answers so is tested on an engine.
import type {
  BatchGetItemCommand,
  BatchGetItemCommandOutput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoDbReader } from './create-dynamodb-reader.ts';

const keyOf = (index: number) => ({ table: 'Ledger', key: { Marker: { S: `m${index}` } } });
const keys = (count: number) => Array.from({ length: count }, (_, index) => keyOf(index));

/** Answers with every item that is asked for, up to a number of them; the items have an attribute beside their key. */
function createReader(most: number, edit: (answer: Partial<BatchGetItemCommandOutput>) => object = (a) => a) {
  const asked: BatchGetItemCommand['input'][] = [];
  const send = async ({ input }: BatchGetItemCommand) => {
    asked.push(input);
    const { Keys = [] } = input.RequestItems?.['Ledger'] ?? {};
    return edit({
      Responses: { Ledger: Keys.slice(0, most).map((key) => ({ ...key, First: { S: '1' } })) },
      UnprocessedKeys: Keys.length > most ? { Ledger: { Keys: Keys.slice(most) } } : {},
    });
  };
  const client = { send } as unknown as Pick<DynamoDBClient, 'send'>;
  return { asked, reader: createDynamoDbReader(client, { timeoutMs: 10_000 }) };
}

describe('createDynamoDbReader', () => {
  it('asks for at most 100 keys at once, consistently, and for none where there are none', async () => {
    const { asked, reader } = createReader(100);
    expect(await reader.read([])).toEqual([]);
    expect(asked).toEqual([]);
    expect((await reader.read(keys(250))).every((item) => item?.['First'] !== undefined)).toBe(true);
    const requests = asked.map((input) => input.RequestItems?.['Ledger']);
    expect(requests.map((request) => request?.Keys?.length)).toEqual([100, 100, 50]);
    expect(requests.every((request) => request?.ConsistentRead)).toBe(true);
  });

  it('gives nothing where there is no item, in the place of its key', async () => {
    const { reader } = createReader(100, ({ Responses, ...answer }) => ({
      ...answer,
      Responses: { Ledger: Responses?.['Ledger']?.slice(1) },
    }));
    expect((await reader.read(keys(3))).map((item) => item?.['Marker'])).toEqual([
      undefined,
      { S: 'm1' },
      { S: 'm2' },
    ]);
  });

  it('asks again for keys that were left unread, and gives up where none is ever read', async () => {
    expect(await createReader(7).reader.read(keys(30))).not.toContain(undefined);
    await expect(createReader(0).reader.read(keys(30))).rejects.toThrow('left 30 keys unread');
  });

  it.each(['Responses', 'UnprocessedKeys'])('takes no answer without %s for missing items', async (name) => {
    const { reader } = createReader(100, (answer) => ({ ...answer, [name]: undefined }));
    await expect(reader.read(keys(1))).rejects.toThrow('incomplete');
  });
});
