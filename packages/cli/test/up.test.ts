import { execFileSync } from 'node:child_process';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb } from '@oncefold/engines';
import { descendantsOf, untilGone } from '@oncefold/local-runtime/test-support';
import { afterEach, describe, expect, it } from 'vitest';
import { connect, type Producer, type Ready } from './support/outside-producer.ts';
import { type Oncefold, runOncefold, startOncefold } from './support/run-oncefold.ts';

let pipeline: Oncefold | undefined;
let producer: Producer | undefined;

async function up(...words: string[]): Promise<{ ready: Ready; line: string; producer: Producer }> {
  pipeline = startOncefold(['up', '--json', ...words]);
  const line = await pipeline.line(() => true);
  producer = connect(line);
  return { ready: JSON.parse(line), line, producer };
}

function trade(id: string, value: string, hierarchy: Readonly<Record<string, string>>, version = 0): string {
  const fields = { TradeID: id, Version: version, Hierarchy: hierarchy, Timestamp: 1763884800.123456 };
  // The value is spliced in as text, because JSON.stringify would put it through a float.
  return JSON.stringify(fields).replace(/^\{/, `{"Value":${value},`);
}

const lab = (region: string, desk = 'FXSpot'): Readonly<Record<string, string>> => ({
  RiskType: 'PV',
  TradeDesk: desk,
  Region: region,
});

/** Runs `oncefold check` against the pipeline that is up. */
async function check(ready: Ready, ...words: string[]): Promise<{ status: number | null; stdout: string }> {
  const { status, stdout } = await runOncefold([
    ...['check', '--json', '--dynamodb-endpoint', ready.dynamodb, '--region', ready.region],
    ...['--access-key-id', ready.accessKeyId, '--secret-access-key', ready.secretAccessKey, ...words],
  ]);
  return { status, stdout };
}

// Whole pipelines in processes of their own: the limit is against hanging only.
describe('oncefold up', () => {
  afterEach(async () => {
    producer?.close();
    pipeline?.process.kill('SIGTERM');
    await pipeline?.ended;
  });

  it('says in one line how to reach it, serves round after round, and ends with 0', async () => {
    const { ready, line, producer } = await up();
    expect(Object.keys(ready)).toEqual([
      'ready',
      'dynamodb',
      'dynamodbStreams',
      'kinesis',
      'lambda',
      'control',
      'region',
      'accessKeyId',
      'secretAccessKey',
      'functions',
      'mappings',
      'streams',
      'tables',
      'queues',
    ]);
    for (const round of [1, 2, 3]) {
      const trades = Array.from({ length: 50 }, (_, index) =>
        trade(`${round}-${index}`, '0.01', lab('EMEA')),
      );
      await producer.send(trades);
      const total = String((round * 50) / 100);
      await producer.until((sums) => sums.get('PV:FXSpot:EMEA') === total, round * 50);
    }
    expect(await producer.sums()).toEqual(
      new Map([
        ['PV', '1.5'],
        ['PV:FXSpot', '1.5'],
        ['PV:FXSpot:EMEA', '1.5'],
        ['message_count', '150'],
      ]),
    );
    expect((await check(ready)).status).toBe(0);
    const processes = descendantsOf(pipeline?.process.pid ?? 0);
    pipeline?.process.kill('SIGTERM');
    expect(await pipeline?.ended).toMatchObject({ status: 0, stdout: `${line}\n` });
    await untilGone(processes);
  });

  it('sums what is valid and keeps what is not, with its reason', async () => {
    const { ready, producer } = await up();
    const bad: readonly (readonly [string | Uint8Array, string])[] = [
      ['{"TradeID": "x", ', 'broken-json'],
      ['', 'broken-json'],
      [Uint8Array.from([0xff, 0xfe, 0x00, 0x80]), 'not-utf-8'],
      ['[1, 2]', 'not-an-object'],
      ['null', 'not-an-object'],
      [JSON.stringify({ TradeID: 'x', Version: 0 }), 'missing-field'],
      [trade('x', '"much"', lab('EMEA')), 'not-a-number'],
      [trade('x', 'true', lab('EMEA')), 'wrong-type'],
      [trade('x', 'NaN', lab('EMEA')), 'broken-json'],
      [trade('x', '1e400', lab('EMEA')), 'out-of-range'],
      [trade('x', '1234567890123456789012345678901234567890', lab('EMEA')), 'out-of-range'],
      [trade('x', '1', lab('EM:EA')), 'forbidden-separator'],
      [trade('x', '1', { ...lab('EMEA'), RiskType: 'message_count' }), 'reserved-name'],
      [trade('x', '1', { RiskType: 'PV', TradeDesk: 'FXSpot' }), 'missing-field'],
      ['x'.repeat(1_000_000), 'broken-json'],
    ];
    const good = [
      trade('1', '10.5', lab("Land's End")),
      trade('2', '0.000000000001', lab('EMEA', '__proto__')),
      trade('3', '"1e3"', lab('EMEA', 'constructor')),
      trade('4', '-123456789012345678.999999999999', lab('APAC')),
    ];
    await producer.send([...good.slice(0, 2), ...bad.map(([payload]) => payload), ...good.slice(2)]);
    await producer.until((sums) => sums.get('message_count') === '4', good.length + bad.length);

    const sums = await producer.sums();
    expect(sums.get("PV:FXSpot:Land's End")).toBe('10.5');
    expect(sums.get('PV:__proto__:EMEA')).toBe('0.000000000001');
    expect(sums.get('PV:constructor')).toBe('1000');
    expect(sums.get('PV')).toBe('-123456789012344668.499999999998');

    const items = await producer.scan('QuarantineTable');
    const kept = Map.groupBy(items, (item) => item['Source']?.S ?? '');
    const found = [...kept.values()].map((parts) => {
      const inOrder = parts.toSorted((a, b) => Number(a['Part']?.N) - Number(b['Part']?.N));
      expect(inOrder).toHaveLength(Number(parts[0]?.['Parts']?.N));
      const payload = Buffer.concat(inOrder.map((part) => part['Payload']?.B ?? new Uint8Array()));
      return `${parts[0]?.['Reason']?.S} ${payload.toString('hex')}`;
    });
    const expected = bad.map(([payload, reason]) => `${reason} ${Buffer.from(payload).toString('hex')}`);
    const shorten = (texts: readonly string[]): readonly string[] =>
      texts.map((text) => text.slice(0, 200)).sort();
    expect(shorten(found)).toEqual(shorten(expected));
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect((await check(ready)).status).toBe(0);
  });

  it('fails batches as often as the parameter table says, and stays exact', async () => {
    const { ready, producer } = await up(
      '--seed',
      '5',
      '--parameter-overrides',
      'ReduceBatchSize=1',
      'MapBatchSize=5',
      // Enough batches of each stage that some fail.
      'StateBatchSize=10',
    );
    const credentials = { accessKeyId: ready.accessKeyId, secretAccessKey: ready.secretAccessKey };
    const client = createLocalDynamoDb({ endpoint: ready.dynamodb, credentials });
    for (const stage of ['STATE', 'MAP', 'REDUCE']) {
      const Item = { parameter: { S: `FAILURE_${stage}_LAMBDA_PCT` }, value: { N: '40' } };
      await client.send(new PutItemCommand({ TableName: 'ParameterTable', Item }));
    }
    client.destroy();
    await producer.send(Array.from({ length: 200 }, (_, index) => trade(String(index), '1', lab('EMEA'))));
    await producer.until((sums) => sums.get('message_count') === '200', 200);
    expect((await producer.sums()).get('PV')).toBe('200');
    expect((await check(ready)).status).toBe(0);
    for (const name of ['StateFunction', 'MapFunction', 'ReduceFunction']) {
      expect(pipeline?.output().stderr).toContain(`${name} failed: InducedFailure`);
    }
  });

  it('sums a hierarchy of five levels and a thousand leaves, far more than fit into one transaction', async () => {
    const dimensions = ['Group', 'Unit', 'Desk', 'Book', 'Strategy'];
    const { ready, producer } = await up(
      '--parameter-overrides',
      `HierarchyDimensions=${dimensions.join(',')}`,
    );
    const divisors = [500, 100, 20, 4, 1];
    const trades = Array.from({ length: 1_000 }, (_, index) => {
      const segments = dimensions.map((name, level) => {
        return [name, `${name} ${Math.floor(index / (divisors[level] ?? 1))}`] as const;
      });
      return trade(String(index), '0.5', Object.fromEntries(segments));
    });
    await producer.send(trades);
    await producer.until((sums) => sums.get('message_count') === '1000', 1_000);
    const sums = await producer.sums();
    expect(sums.size).toBe(2 + 10 + 50 + 250 + 1_000 + 1);
    expect(sums.get('Group 1')).toBe('250');
    expect(sums.get('Group 1:Unit 9:Desk 49:Book 249:Strategy 999')).toBe('0.5');
    const { status, stdout } = await check(ready, '--hierarchy-dimensions', dimensions.join(','));
    expect(JSON.parse(stdout)).toMatchObject({ exact: true, aggregateCount: 1_312, tradeCount: 1_000 });
    expect(status).toBe(0);
  });

  it('says 2 in one line, and stops the rest, when an engine dies', async () => {
    await up();
    const processes = descendantsOf(pipeline?.process.pid ?? 0);
    const isKinesis = ({ pid }: { readonly pid: number }): boolean =>
      /^\S*node .*kinesalite-program/.test(
        execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }),
      );
    const kinesis = processes.find(isKinesis);
    if (kinesis === undefined) {
      throw new Error('No Kinesis was started');
    }
    process.kill(kinesis.pid, 'SIGKILL');
    const { status, stderr } = (await pipeline?.ended) ?? {};
    expect(stderr).toMatch(/oncefold: the pipeline has failed: [^\n]+\n$/);
    expect(status).toBe(2);
    await untilGone(processes);
  });

  it('takes a second Ctrl-C for an order to end at once', async () => {
    await up();
    const processes = descendantsOf(pipeline?.process.pid ?? 0);
    pipeline?.process.kill('SIGINT');
    pipeline?.process.kill('SIGINT');
    await pipeline?.ended;
    await untilGone(processes);
  });
});
