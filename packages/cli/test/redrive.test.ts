// Goal: what mappings give up counts once after `oncefold redrive`, whatever had been applied of it.
// Method: the functions as they are deployed, on local engines; every mapping gives a batch up at its first failure, and processes are
// killed after a write of their own, so that batches are given up whole, in part and after all. The command is a process of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createLocalClients, freshCredentials, LOCAL_REGION, type LocalClients } from '@oncefold/engines';
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import {
  type ApplicationFaults,
  addFaults,
  deploy,
  findBundle,
  type RunningApplication,
  runApplication,
  startFaults,
} from '@oncefold/local-runtime';
import { formatDecimal, parseSum } from '@oncefold/reducer';
import { isStreamMapping, readTemplate } from '@oncefold/sam-template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../src/pipeline/build-functions.ts';
import { createFailedBatchFolder } from '../src/up/failed-batch-folder.ts';
import { startInvokeEndpoint } from '../src/up/invoke-endpoint.ts';
import { type Ended, runOncefold, startOncefold } from './support/run-oncefold.ts';

const ACCOUNT_ID = '000000000000';
const TRADES = 240;

beforeAll(() => {
  const turbo = join(repository, 'node_modules', '.bin', 'turbo');
  const Path = `${join(repository, 'node_modules', '.bin')}:${process.env['PATH']}`;
  const args = ['run', 'build', '--filter=./services/*', '--output-logs=errors-only'];
  execFileSync(turbo, args, { cwd: repository, env: { ...process.env, PATH: Path } });
});

const withoutFaults: ReturnType<ApplicationFaults['begin']> = (result) => ({
  result,
  isRedelivered: false,
  isRegrouped: false,
  lateRetryAfterMs: undefined,
});

interface Pipeline {
  readonly clients: LocalClients;
  readonly running: RunningApplication;
  readonly folder: string;
  /** Whether processes are killed and replies are lost; and a function each of whose invocations is killed as it begins. */
  readonly faults: { areOn: boolean; killed: string | undefined };
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function startPipeline(
  strategies: { readonly map: string; readonly reduce: string },
  endpoints: { readonly dynamodb: string; readonly kinesis: string },
): Promise<Pipeline> {
  const credentials = freshCredentials();
  const clients = createLocalClients({
    dynamodbEndpoint: endpoints.dynamodb,
    kinesisEndpoint: endpoints.kinesis,
    credentials,
  });
  const described = await readTemplate({
    file: join(repository, 'template.yaml'),
    parameterOverrides: {
      MapStrategy: strategies.map,
      ReduceStrategy: strategies.reduce,
      Names: 'lab',
      FormerKeys: 'false',
      StateBatchSize: '30',
      MapBatchSize: '100',
      // Idle is a pipeline when no window is open any more.
      MapTumblingWindowSeconds: '1',
      ReduceTumblingWindowSeconds: '1',
      MapBatchingWindowSeconds: '0',
      ReduceBatchSize: '10',
      ReduceBatchingWindowSeconds: '0',
    },
    region: LOCAL_REGION,
    accountId: ACCOUNT_ID,
  });
  const application = {
    ...described,
    mappings: described.mappings.filter(isStreamMapping).map((mapping) => ({
      ...mapping,
      settings: { ...mapping.settings, maximumRetryAttempts: 0, bisectBatchOnFunctionError: false },
    })),
  };
  const folder = mkdtempSync(join(tmpdir(), 'failed-batches-'));
  const keep = createFailedBatchFolder(folder);
  const ends: (() => Promise<void>)[] = [];
  const faults = await startFaults(addFaults('kill-after-commit=0.5,lost-reply=0.05,seed=7'), {
    dynamodb: endpoints.dynamodb,
    cleanup: { add: (end) => void ends.push(end) },
    onEvent: () => {},
  });
  const switched: Pipeline['faults'] = { areOn: false, killed: undefined };
  const deployment = await deploy(application, clients);
  const running = await runApplication({
    application,
    deployment,
    access: {
      ...endpoints,
      dynamodbStreams: endpoints.dynamodb,
      region: LOCAL_REGION,
      credentials,
      accountId: ACCOUNT_ID,
    },
    bundles: (resource) => findBundle(resource, repository, 'newest'),
    onEvent: keep,
    faults: {
      ...faults.application,
      begin: (delivery) => (switched.areOn ? faults.application.begin(delivery) : withoutFaults),
      dispatched(process, requestId) {
        faults.application.dispatched(process, requestId);
        if (process.processKey.startsWith(`${switched.killed}-`)) {
          process.crash();
        }
      },
    },
  });
  const invoke = await startInvokeEndpoint();
  invoke.serve({ application, running });
  return {
    clients,
    running,
    folder,
    faults: switched,
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
      AWS_ENDPOINT_URL_KINESIS: endpoints.kinesis,
      AWS_ENDPOINT_URL_LAMBDA: invoke.endpoint,
      AWS_REGION: LOCAL_REGION,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    async close() {
      await running.stop();
      await invoke.close();
      for (const end of ends) {
        await end();
      }
      rmSync(folder, { recursive: true });
    },
  };
}

const message = (index: number, more: object = {}): string =>
  JSON.stringify({
    TradeID: `trade-${index}`,
    Version: 0,
    Value: 1,
    Hierarchy: { RiskType: 'PV', TradeDesk: `Desk${index % 3}`, Region: `R${index}` },
    Timestamp: 1_763_884_800,
    ...more,
  });

async function put(clients: LocalClients, messages: readonly string[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 100) {
    const Records = messages
      .slice(start, start + 100)
      .map((text, index) => ({ Data: Buffer.from(text), PartitionKey: String(index) }));
    await clients.kinesis.send(new PutRecordsCommand({ StreamName: 'IncomingDataStream', Records }));
  }
}

async function scan(clients: LocalClients, TableName: string) {
  const { Items = [], LastEvaluatedKey } = await clients.dynamodb.send(
    new ScanCommand({ TableName, ConsistentRead: true }),
  );
  expect(LastEvaluatedKey).toBeUndefined();
  return Items;
}

async function sumOf(clients: LocalClients, node: string): Promise<string> {
  const items = await scan(clients, 'AggregateTable');
  const value = items.find((item) => item['Identifier']?.S === node)?.['Value']?.N;
  return formatDecimal(parseSum(value ?? '0'));
}

const documents = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

describe.each([
  { map: 'checkpoint', reduce: 'ledger' },
  { map: 'ledger', reduce: 'checkpoint' },
])('oncefold redrive, map under $map and reduce under $reduce', (strategies) => {
  const dynamodb = useDynamoDb();
  const kinesis = useKinesis();
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startPipeline(strategies, { dynamodb: dynamodb.endpoint, kinesis: kinesis.endpoint });
  });
  afterAll(() => pipeline?.close());
  const redrive = (...words: string[]): Promise<Ended> =>
    runOncefold(['redrive', '--failed-batches', pipeline.folder, '--json', ...words], pipeline.environment);

  it('makes the sums exact, killed in the middle and run again, though batches were given up with any part applied', async () => {
    const { clients, running, folder, faults } = pipeline;
    faults.areOn = true;
    await put(
      clients,
      Array.from({ length: TRADES }, (_, index) => message(index)),
    );
    await running.whenIdle();
    expect(documents(folder)).toBeGreaterThan(0);
    const refused = await redrive('--all');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('--yes');

    const killed = startOncefold(
      ['redrive', '--failed-batches', folder, '--all', '--yes'],
      pipeline.environment,
    );
    const before = documents(folder);
    for (let wait = 0; documents(folder) === before && wait < 2_000; wait += 1) {
      await sleep(5);
    }
    killed.process.kill('SIGKILL');
    await killed.ended;

    // Processes are killed during a redrive, too, and what was put into the stream may be given up again.
    await redrive('--all', '--yes');
    faults.areOn = false;
    for (let round = 0; ; round += 1) {
      expect(round).toBeLessThan(10);
      await running.whenIdle();
      const sent = JSON.parse((await redrive('--all', '--yes')).stdout);
      if (sent.entries.length === 0) {
        break;
      }
    }
    expect(await sumOf(clients, 'PV')).toBe(String(TRADES));
    expect(await sumOf(clients, 'message_count')).toBe(String(TRADES));
    expect(await sumOf(clients, 'PV:Desk1')).toBe(String(TRADES / 3));
  });

  it('sends a quarantined record, mended, once, and keeps its bytes', async () => {
    const { clients, running, folder } = pipeline;
    const before = await sumOf(clients, 'PV');
    await put(clients, [message(9_000, { Value: 'five' })]);
    const quarantined = async () =>
      (await scan(clients, 'QuarantineTable')).filter(
        (item) => item['Consumer']?.S === 'state' && item['RedrivenAt'] === undefined,
      );
    while ((await quarantined()).length === 0) {
      await settle();
    }
    const { open } = JSON.parse((await redrive()).stdout);
    const [entry] = open.filter(({ kind }: { kind: string }) => kind === 'quarantined');
    const shown = await redrive('--show', entry.id);
    expect(JSON.parse(shown.stdout)).toMatchObject({ Value: 'five' });
    const mended = join(folder, 'mended.json');
    writeFileSync(mended, shown.stdout.replace('"five"', '5'));
    expect(
      JSON.parse((await redrive('--send', entry.id, '--fix', mended, '--dry-run')).stdout),
    ).toMatchObject({
      dryRun: true,
      entries: [{ outcome: 'would-send' }],
    });
    expect((await redrive('--send', entry.id, '--fix', mended, '--yes')).status).toBe(0);
    const again = await redrive('--send', entry.id, '--yes');
    expect(again.status).toBe(1);
    expect(JSON.parse(again.stdout).entries).toMatchObject([{ outcome: 'refused' }]);
    for (let round = 0; (await sumOf(clients, 'PV')) === before && round < 40; round += 1) {
      await settle();
    }
    expect(await sumOf(clients, 'PV')).toBe(String(Number(before) + 5));
    const [kept] = await scan(clients, 'QuarantineTable');
    expect(Buffer.from(kept?.['Payload']?.B ?? []).toString()).toBe(message(9_000, { Value: 'five' }));
    expect(kept?.['RedrivenBy']?.S).toMatch(/./);
    await running.whenIdle();
  });

  it('sends nothing when the trade was written by this very record since', async () => {
    const { clients } = pipeline;
    await clients.dynamodb.send(
      new PutItemCommand({
        TableName: 'QuarantineTable',
        Item: {
          Source: { S: 'v2#a#state#s#1' },
          Part: { N: '0' },
          Consumer: { S: 'state' },
          Origin: { S: `arn:aws:kinesis:${LOCAL_REGION}:${ACCOUNT_ID}:stream/IncomingDataStream` },
          RecordId: { S: 'shardId-000000000000:1' },
          Reason: { S: 'missing-field' },
          Detail: { S: 'Hierarchy.Book' },
          Parts: { N: '1' },
          Bytes: { N: String(Buffer.byteLength(message(9_100))) },
          Payload: { B: Buffer.from(message(9_100)) },
        },
      }),
    );
    await clients.dynamodb.send(
      new PutItemCommand({
        TableName: 'StateTable',
        Item: { id: { S: 'trade-9100' }, RecordId: { S: 'v2#a#state#s#1' } },
      }),
    );
    const { open } = JSON.parse((await redrive()).stdout);
    const [entry] = open.filter(({ why }: { why: string }) => why.includes('Book'));
    const { stdout, status } = await redrive('--send', entry.id, '--yes');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).entries).toMatchObject([{ outcome: 'applied-since' }]);
  });

  if (strategies.reduce === 'ledger') {
    it('keeps check and rebuild from saying exact until what state gave up is redriven, though no sum differs', async () => {
      const { running, folder, clients, faults, environment } = pipeline;
      await settle();
      const run = async (...words: string[]) => {
        // Without message_count, which processes that were killed in the first test have not accounted for.
        const place = ['--path', 'PV', '--failed-batches', folder, '--json'];
        const { status, stdout, stderr } = await runOncefold([...words, ...place], environment);
        expect(stdout, stderr).toMatch(/^\{/);
        return { status, answer: JSON.parse(stdout) };
      };
      const before = await sumOf(clients, 'PV');
      faults.killed = 'StateFunction';
      await put(clients, [message(9_500)]);
      await running.whenIdle();
      faults.killed = undefined;
      const waiting = { status: 3, answer: { exact: false, differences: [], givenUp: { count: 1 } } };
      expect(await run('check')).toMatchObject(waiting);
      expect(await run('check', '--live', '--yes')).toMatchObject(waiting);
      expect(await run('rebuild', '--dry-run')).toMatchObject({
        status: 3,
        answer: { check: waiting.answer },
      });
      expect(await run('rebuild', '--yes')).toMatchObject(waiting);
      await settle();
      expect(await run('check')).toMatchObject({
        status: 0,
        answer: { exact: true, givenUp: { code: 'found', count: 0 } },
      });
      expect(await sumOf(clients, 'PV')).toBe(String(Number(before) + 1));
    });
  }

  it('does not wait for a batch that is dismissed, and says who did so', async () => {
    const { folder } = pipeline;
    await settle();
    const place = join(folder, 'aws', 'lambda', 'by-hand');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'broken'), 'no batch');
    const isOpen = async () => {
      const { open } = JSON.parse((await redrive()).stdout);
      return open.find(({ name }: { name: string }) => name === 'aws/lambda/by-hand/broken');
    };
    const { id } = await isOpen();
    expect(await redrive('--dismiss', id)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--yes'),
    });
    const would = await redrive('--dismiss', id, '--dry-run');
    expect(JSON.parse(would.stdout).entries).toMatchObject([{ id, outcome: 'would-dismiss' }]);
    expect(await isOpen()).toMatchObject({ kind: 'unreadable' });
    const dismissed = await redrive('--dismiss', id, 'b000', '--yes');
    expect(dismissed.status).toBe(1);
    expect(JSON.parse(dismissed.stdout).entries).toMatchObject([
      { id, outcome: 'dismissed' },
      { id: 'b000', outcome: 'refused' },
    ]);
    expect(await isOpen()).toBeUndefined();
    const note = join(folder, 'oncefold', 'redriven', 'aws', 'lambda', 'by-hand', 'broken.json');
    expect(JSON.parse(readFileSync(note, 'utf8'))).toEqual({
      dismissedAt: expect.any(String),
      dismissedBy: expect.any(String),
    });
  });

  /** Until the pipeline is idle, with everything redriven that was given up. */
  async function settle(): Promise<void> {
    await pipeline.running.whenIdle();
    const { open } = JSON.parse((await redrive()).stdout);
    const batches = open
      .filter(({ kind }: { kind: string }) => kind === 'batch')
      .map(({ id }: { id: string }) => id);
    if (batches.length > 0) {
      await redrive('--send', ...batches, '--yes');
    }
    await pipeline.running.whenIdle();
  }
});
