/** Goal: a batch that the mapping has given up counts once, whatever of it was applied. Method: the function on a real engine. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  context,
  createTables,
  type Handler,
  insert,
  itemsOf,
  SHARD_ID,
  startHandler,
  sumsOf,
  trade,
  windowed,
} from './support/map-stage.ts';

/** Changes of different desks, of which a transaction holds some forty. */
const changes = (first: number, last: number): DynamoDBRecord[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index).map((sequence) =>
    insert(sequence, trade({ value: '1', region: `R${sequence}` })),
  );

const redriven = (records: readonly DynamoDBRecord[], redrive: unknown = { version: 1, shardId: SHARD_ID }) =>
  ({ Records: records, redrive }) as unknown as DynamoDBStreamEvent;

describe.each(['checkpoint', 'ledger'])('a redrive of the map function under %s', (Strategy) => {
  const dynamodb = useDynamoDb();
  let handler: Handler;
  beforeAll(async () => {
    await createTables(dynamodb.client);
    handler = await startHandler({
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ACCESS_KEY_ID: dynamodb.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: dynamodb.credentials.secretAccessKey,
      STRATEGY: Strategy,
      RANGE_MARKERS: 'true',
    });
  });
  const counted = async () => (await sumsOf(dynamodb.client))['message_count'];

  it('applies what was not applied, once, in any cut', async () => {
    // The batch ends at 300; a delivery in another cut had got to 100, and the mapping has gone on behind it.
    await handler(windowed(changes(1, 100)), context);
    await handler(windowed(changes(301, 310)), context);
    expect(await handler(redriven(changes(51, 300)), context)).toEqual({
      redriven: { records: 250, applied: 200, alreadyApplied: 50 },
    });
    expect(await counted()).toBe('310');
    expect(await handler(redriven(changes(1, 300)), context)).toMatchObject({ redriven: { applied: 0 } });
    expect(await handler(redriven(changes(120, 305)), context)).toMatchObject({ redriven: { applied: 0 } });
    await handler(windowed(changes(1, 310)), context);
    expect(await counted()).toBe('310');
  });

  it('adds nothing through the mapping that was redriven before the mapping has gone on', async () => {
    await handler(redriven(changes(401, 500)), context);
    await handler(windowed(changes(401, 500)), context);
    await handler(windowed(changes(491, 510)), context);
    expect(await counted()).toBe('420');
  });

  it('adds nothing once a recount has begun, and what it has repaired only as messages', async () => {
    const control = { Identifier: { S: ':control' }, Number: { N: '9' }, Owner: { S: 'a run' } };
    const put = (attributes: Record<string, { S: string }>) =>
      dynamodb.client.send(
        new PutItemCommand({ TableName: 'RECOUNT_TABLE', Item: { ...control, ...attributes } }),
      );
    await put({ State: { S: 'running' } });
    await expect(handler(redriven(changes(601, 700)), context)).rejects.toThrow('a recount runs');
    const before = await sumsOf(dynamodb.client);
    await put({ State: { S: 'ended' }, Repairs: { S: '[{"number":9,"from":9000000000,"to":9000000001}]' } });
    expect(await handler(redriven(changes(601, 700)), context)).toMatchObject({ redriven: { applied: 100 } });
    const after = await sumsOf(dynamodb.client);
    expect(Number(after['message_count'])).toBe(Number(before['message_count']) + 100);
    expect(after['PV']).toBe(before['PV']);
    await put({ State: { S: 'ended' } });
  });

  it('adds only messages where new mappings begin with what was given up, and a rebuild has made up for it', async () => {
    const event = (first: number, last: number) => ({
      ...windowed(changes(first, last)),
      shardId: 'shardId-closed',
    });
    await handler(event(801, 802) as DynamoDBStreamEvent, context);
    const before = await sumsOf(dynamodb.client);
    const repairs = [{ number: 9, from: 9_000_000_000, to: 9_000_000_001 }];
    const control = { Identifier: { S: ':control' }, Number: { N: '9' }, Owner: { S: 'a run' } };
    const Item = { ...control, State: { S: 'ended' }, Repairs: { S: JSON.stringify(repairs) } };
    await dynamodb.client.send(new PutItemCommand({ TableName: 'RECOUNT_TABLE', Item }));
    await handler(event(801, 810) as DynamoDBStreamEvent, context);
    const after = await sumsOf(dynamodb.client);
    expect(after['PV']).toBe(before['PV']);
    expect(Number(after['message_count'])).toBe(Number(before['message_count']) + 8);
  });

  it('refuses what is no redrive that it knows, and writes nothing', async () => {
    const before = (await itemsOf(dynamodb.client, 'REDUCE_TABLE')).length;
    for (const field of [true, null, {}, { version: 2, shardId: SHARD_ID }, { version: 1, shardId: '' }]) {
      await expect(handler(redriven(changes(600, 601), field), context)).rejects.toMatchObject({
        code: 'strategy-unusable',
      });
    }
    expect(await itemsOf(dynamodb.client, 'REDUCE_TABLE')).toHaveLength(before);
  });
});

describe('a redrive of the map function', () => {
  const dynamodb = useDynamoDb();
  const access = () => ({
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ACCESS_KEY_ID: dynamodb.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dynamodb.credentials.secretAccessKey,
  });
  beforeAll(() => createTables(dynamodb.client));

  it.each(['none', 'request-token'])(
    'is refused under %s, which does not know what it has applied',
    async (Strategy) => {
      const handler = await startHandler({ ...access(), STRATEGY: Strategy, RANGE_MARKERS: 'true' });
      await expect(handler(redriven(changes(1, 2)), context)).rejects.toThrow(`the strategy ${Strategy}`);
    },
  );

  it('lets nothing of checkpoint in any more after a redrive under ledger, to which the stage was changed', async () => {
    const kept = { ...access(), RANGE_MARKERS: 'true' };
    const before = await startHandler({ ...kept, STRATEGY: 'checkpoint' });
    const of = { shardId: 'shardId-changed' };
    const event = (first: number, last: number) => ({ ...windowed(changes(first, last)), ...of });
    await before(event(1, 1), context);
    // It had 2 and 3, and did not get to its commit before the batch was given up.
    const after = await startHandler({ ...kept, STRATEGY: 'ledger', PARALLELIZATION_FACTOR: '2' });
    const redrive = redriven(changes(2, 3), { version: 1, ...of });
    expect(await after(redrive, context)).toMatchObject({ redriven: { applied: 2 } });
    await before(event(2, 3), context);
    expect((await sumsOf(dynamodb.client))['message_count']).toBe('3');
  });

  it('begins no shard under ledger, whose other lanes may be behind the batch', async () => {
    const kept = { ...access(), RANGE_MARKERS: 'true' };
    const of = { shardId: 'shardId-lanes' };
    const before = Number((await sumsOf(dynamodb.client))['message_count'] ?? '0');
    const ledger = await startHandler({ ...kept, STRATEGY: 'ledger', PARALLELIZATION_FACTOR: '2' });
    await ledger(redriven([...changes(11, 11), ...changes(13, 13)], { version: 1, ...of }), context);
    // The strategy is changed while the other lane is still tried again.
    const checkpoint = await startHandler({ ...kept, STRATEGY: 'checkpoint' });
    await checkpoint({ ...windowed([...changes(12, 12), ...changes(14, 14)]), ...of }, context);
    expect((await sumsOf(dynamodb.client))['message_count']).toBe(String(before + 4));
  });

  it('is refused for a shard that was started without range markers', async () => {
    const before = await startHandler({
      ...access(),
      RANGE_MARKERS: '',
    });
    await before(windowed(changes(1, 2)), context);
    await expect(before(redriven(changes(1, 2)), context)).rejects.toThrow('RANGE_MARKERS');
    const after = await startHandler({
      ...access(),
      RANGE_MARKERS: 'true',
    });
    await after(windowed(changes(5, 6)), context);
    await expect(after(redriven(changes(3, 4)), context)).rejects.toMatchObject({ code: 'guard-lost' });
  });

  it('is refused for records that are older than the markers', async () => {
    const handler = await startHandler({
      ...access(),
      RANGE_MARKERS: 'true',
      LEDGER_RETENTION_SECONDS: '3600',
    });
    const old = changes(1, 2).map((record) => ({
      ...record,
      dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: Math.floor(Date.now() / 1_000) - 7_200 },
    }));
    const event = redriven(old, { version: 1, shardId: 'shardId-old' });
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'guard-lost' });
  });
});
