// Goal: a round is kept, judged and scored exactly once, whatever is repeated and whatever goes wrong.
// Method: generator and scoreboard on real engines; the test adds up what the generator sent as the pipeline would, or
// wrongly on purpose.
import {
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  ScalarAttributeType,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import { addDecimals, formatDecimal, parseSum, zero } from '@oncefold/reducer';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAggregateReader, createRoundOpener, createVerdictStore } from '../src/dynamodb/index.ts';
import { playRound, sendMessages } from '../src/generator.ts';
import { scoreRound } from '../src/index.ts';

const { client } = useDynamoDb();
const kinesis = useKinesis();
const dimensions = ['RiskType', 'TradeDesk', 'Region'];
const tables = { workshop: 'WorkshopTable', parameter: 'ParameterTable' };
const rounds = { ...createRoundOpener(client, tables.workshop), ...createVerdictStore(client, tables) };
const readAggregates = createAggregateReader(client, { table: 'AggregateTable' });
let now = 1_000_000;
let number = 0;
let name = '';
const ports = {
  rounds,
  readAggregates,
  now: () => now,
  pause: async (ms: number) => {
    now += ms;
  },
};
/** As on AWS: rows that are not there are looked at for up to 20 seconds more, and not into the next round. */
const onAws = { roundLengthMs: 60_000, lookAgainMs: 20_000 };

beforeAll(async () => {
  const keys = { WorkshopTable: 'Round', ParameterTable: 'parameter', AggregateTable: 'Identifier' };
  for (const [TableName, AttributeName] of Object.entries(keys)) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName, AttributeType: ScalarAttributeType.S }],
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      }),
    );
  }
  await kinesis.client.send(new CreateStreamCommand({ StreamName: 'stream', ShardCount: 2 }));
});

beforeEach(() => {
  number += 1;
  name = `round-${number}`;
});

async function play(send: () => Promise<void> = async () => undefined) {
  return playRound({ name, seed: number, messages: 400, dimensions }, { ...ports, send });
}

/** Does what the pipeline has to do, with an error in one row where one is asked for. */
async function runPipeline(
  wrong: { readonly key: string; readonly by: string } = { key: '', by: '0' },
): Promise<void> {
  const round = await rounds.find(name);
  if (round === undefined) {
    throw new Error('the round was not kept');
  }
  const before = await readAggregates();
  const growth = [...round.growth, ['message_count', parseSum(String(round.applied.least))] as const];
  for (const [key, amount] of growth) {
    const error = key === wrong.key ? parseSum(wrong.by) : zero;
    const value = [before.get(key) ?? zero, amount, error].reduce(addDecimals);
    await client.send(
      new PutItemCommand({
        TableName: 'AggregateTable',
        Item: { Identifier: { S: key }, Value: { N: formatDecimal(value) } },
      }),
    );
  }
}

/** Adds to a row what was on its way. */
async function arrive(key: string, by: string): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: 'AggregateTable',
      Key: { Identifier: { S: key } },
      UpdateExpression: 'ADD #value :by',
      ExpressionAttributeNames: { '#value': 'Value' },
      ExpressionAttributeValues: { ':by': { N: by } },
    }),
  );
}

async function score(): Promise<number> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: 'ParameterTable', Key: { parameter: { S: 'SCORE' } } }),
  );
  return Number(Item?.['value']?.N ?? 0);
}

describe('playRound and scoreRound', () => {
  it('gives 100 points for a perfect round, and once only', async () => {
    const before = await score();
    expect(await play()).toMatchObject({ name, messages: 400, opened: 'opened' });
    await runPipeline();
    const first = await scoreRound(name, ports, { lookAgainMs: 20_000 });
    expect(first).toMatchObject({
      scored: { verdict: 'perfect', points: 100, rows: 19 },
      outcome: 'recorded',
    });
    expect(await scoreRound(name, ports, { lookAgainMs: 20_000 })).toMatchObject({
      outcome: 'already-recorded',
    });
    expect(await score()).toBe(before + 100);
  });

  it('sends the load of the lab into the stream, the same bytes when the round is asked for again', async () => {
    const sent: string[][] = [];
    for (const opened of ['opened', 'known']) {
      const texts: string[] = [];
      const played = await playRound(
        { name, seed: 7, messages: 400, dimensions },
        {
          ...ports,
          send: async (calls) => {
            texts.push(...calls.flat().map(({ data }) => new TextDecoder().decode(data)));
            await sendMessages({
              client: kinesis.client,
              stream: 'stream',
              calls,
              onSent: () => undefined,
              signal: new AbortController().signal,
            });
          },
        },
      );
      expect(played.opened).toBe(opened);
      sent.push(texts);
      now += 60_000;
    }
    expect(sent[0]).toHaveLength(400);
    expect(new Set(sent[0]).size).toBe(350);
    expect(sent[1]).toEqual(sent[0]);
  });

  it('keeps the sums before the first message, even if the round is asked for again', async () => {
    await play();
    await runPipeline();
    expect((await play()).opened).toBe('known');
    expect((await scoreRound(name, ports, { lookAgainMs: 20_000 })).scored.verdict).toBe('perfect');
  });

  it.each([
    ['too little', '-0.01', 'missing', 'late'],
    ['too much', '100000', 'duplicated', 'failed'],
  ])('names the row that has %s, and gives nothing', async (_, by, cause, verdict) => {
    const before = await score();
    await play();
    await runPipeline({ key: 'PV:FXSpot', by });
    const { scored } = await scoreRound(name, ports, { lookAgainMs: 20_000 });
    expect(scored).toMatchObject({ verdict, points: 0 });
    expect(scored.findings).toMatchObject([{ key: 'PV:FXSpot', difference: by, cause }]);
    expect(await score()).toBe(before);
  });

  it('says that a row is late when the rest of it comes after the deadline, and gives nothing', async () => {
    const before = await score();
    await play();
    await runPipeline({ key: 'PV:FXSpot', by: '-0.01' });
    now += 40_000;
    let looks = 0;
    const pause = async (ms: number): Promise<void> => {
      now += ms;
      looks += 1;
      if (looks === 3) {
        await arrive('PV:FXSpot', '0.01');
      }
    };
    const { scored } = await scoreRound(name, { ...ports, pause }, onAws);
    expect(scored).toMatchObject({
      verdict: 'late',
      points: 0,
      findings: [{ key: 'PV:FXSpot', difference: '-0.01', cause: 'late' }],
    });
    expect(looks).toBe(3);
    expect(await score()).toBe(before);
  });

  it('says that a row is lost only when nothing is on its way any more', async () => {
    await play();
    await runPipeline({ key: 'PV:FXSpot', by: '-0.01' });
    let looks = 0;
    const pause = async (ms: number): Promise<void> => {
      now += ms;
      looks += 1;
    };
    const isAtRest = (): boolean => looks === 2;
    const { scored } = await scoreRound(name, { ...ports, pause, isAtRest }, { lookAgainMs: 300_000 });
    expect(scored).toMatchObject({
      verdict: 'failed',
      points: 0,
      findings: [{ key: 'PV:FXSpot', difference: '-0.01', cause: 'lost' }],
    });
  });

  it('says that a row is not there yet when the next round is about to begin, and looks no longer', async () => {
    await play();
    await runPipeline({ key: 'PV:FXSpot', by: '-0.01' });
    const openedAt = now;
    now += 42_000;
    const { scored } = await scoreRound(name, ports, onAws);
    expect(scored).toMatchObject({ verdict: 'late', findings: [{ cause: 'missing' }] });
    expect(now - openedAt).toBeGreaterThan(50_000);
    expect(now - openedAt).toBeLessThanOrEqual(55_000);
  });

  it('sees what is counted twice after the deadline, too', async () => {
    await play();
    await runPipeline({ key: 'PV:FXSpot', by: '-0.01' });
    const pause = async (ms: number): Promise<void> => {
      now += ms;
      await arrive('PV:FXSpot', '0.02');
    };
    const { scored } = await scoreRound(name, { ...ports, pause }, onAws);
    expect(scored).toMatchObject({
      verdict: 'failed',
      findings: [{ key: 'PV:FXSpot', difference: '0.01', cause: 'duplicated' }],
    });
  });

  it.each([
    ['comes late', '0.01', [{ key: 'PV:FXSpot', owed: '0.01', arrived: '0.01' }], 'perfect'],
    ['does not come', '0', [{ key: 'PV:FXSpot', owed: '0.01', arrived: '0' }], 'perfect'],
    ['comes twice', '0.02', [], 'failed'],
  ])(
    'does not take what a row lacked of the round before for a double of this one: it %s',
    async (_, by, arrears, verdict) => {
      const at = Date.parse('2026-01-01T00:00:00.000Z') + number * 3_600_000;
      name = new Date(at).toISOString();
      await play();
      await runPipeline({ key: 'PV:FXSpot', by: '-0.01' });
      await scoreRound(name, ports, onAws);
      number += 1;
      name = new Date(at + 60_000).toISOString();
      await play();
      await runPipeline();
      await arrive('PV:FXSpot', by);
      const { scored } = await scoreRound(name, ports, onAws);
      expect(scored).toMatchObject({ verdict, arrears });
    },
  );

  it('judges nothing when the next round may have begun', async () => {
    await play();
    await runPipeline();
    now += 60_000;
    const { scored } = await scoreRound(name, ports, onAws);
    expect(scored).toMatchObject({ verdict: 'void', points: 0, findings: [] });
  });

  it('keeps the truth of a round that breaks off', async () => {
    const broken = play(async () => {
      throw new Error('no stream');
    });
    await expect(broken).rejects.toThrow('no stream');
    const { scored } = await scoreRound(name, ports, { lookAgainMs: 20_000 });
    expect(scored.findings).toHaveLength(19);
    expect(scored.findings.every(({ cause }) => cause === 'missing')).toBe(true);
  });

  it('refuses a round that is none', async () => {
    await expect(scoreRound('none', ports, onAws)).rejects.toMatchObject({ code: 'unknown-round' });
  });

  it('refuses sums that are no numbers', async () => {
    const item = { Round: { S: name }, Identifier: { S: 'odd' }, Value: { S: 'much' } };
    await client.send(new PutItemCommand({ TableName: 'WorkshopTable', Item: item }));
    const read = createAggregateReader(client, { table: 'WorkshopTable' });
    await expect(read()).rejects.toMatchObject({ code: 'unreadable-row' });
  });
});
