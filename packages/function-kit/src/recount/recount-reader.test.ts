import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createRecountReader } from './recount-reader.ts';

function read(Item: Record<string, AttributeValue> | undefined): Promise<unknown> {
  const inputs: unknown[] = [];
  const send = async ({ input }: { readonly input: object }): Promise<object> => {
    inputs.push(input);
    return { Item };
  };
  return createRecountReader({ send } as never, { table: 'RecountTable' })().finally(() => {
    expect(inputs).toEqual([
      { TableName: 'RecountTable', Key: { Identifier: { S: ':control' } }, ConsistentRead: true },
    ]);
  });
}

describe('createRecountReader', () => {
  it('reads the recount that runs, consistently', async () => {
    const running = { Number: { N: '7' }, State: { S: 'running' } };
    expect(await read(running)).toEqual({
      newest: 7,
      running: { number: 7, path: undefined, repairing: undefined },
      repairs: [],
      owner: '',
    });
    expect(await read({ ...running, Path: { S: 'PV' } })).toMatchObject({
      running: { number: 7, path: 'PV', repairing: undefined },
    });
    expect(await read({ ...running, Repairing: { S: 'owner' } })).toMatchObject({
      running: { number: 7, repairing: 'owner' },
    });
    const repaired = {
      ...running,
      Repairs: { S: '[{"number":5,"from":1,"to":2},{"number":6,"path":"PV","from":3,"to":4}]' },
    };
    expect(await read(repaired)).toMatchObject({
      repairs: [
        { number: 5, from: 1, to: 2 },
        { number: 6, path: 'PV', from: 3, to: 4 },
      ],
    });
  });

  it('finds none before the first and after the end of the last', async () => {
    expect(await read(undefined)).toEqual({ newest: 0, running: undefined, repairs: [], owner: '' });
    expect(await read({ Number: { N: '7' }, State: { S: 'ended' } })).toEqual({
      newest: 7,
      running: undefined,
      repairs: [],
      owner: '',
    });
  });

  it.each([
    {},
    { State: { S: 'running' } },
    { State: { S: 'running' }, Number: { N: '1.5' } },
    { Number: { N: '7' } },
    { Number: { N: '7' }, State: { S: 'ended' }, Repairs: { S: 'none' } },
  ])('throws rather than pass over a recount that it cannot read: %o', async (item) => {
    await expect(read(item)).rejects.toMatchObject({
      code: 'invalid-recount',
      message: expect.stringContaining('Do not delete it'),
    });
  });
});
