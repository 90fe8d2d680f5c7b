// Goal: a SAM application in Python runs as one in JavaScript does: streams, retries, faults and changes of its code.
// Method: a template with a stream, a function and a table on real engines; the function adds up with boto3.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuntimeEvent } from '../../../src/application/runtime-event.ts';
import { addFaults } from '../../../src/fault-injection/fault-settings.ts';
import { type StartedApplication, startApplication } from '../../../src/start/start-application.ts';
import { testCache } from './test-cache.ts';

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Name: { Type: String }
Resources:
  CountFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: count.handler
      CodeUri: src
      Layers: [!Ref Spelling]
      Timeout: 30
      Environment: { Variables: { TABLE: !Ref Counts } }
      Events:
        Words:
          Type: Kinesis
          Properties:
            Stream: !GetAtt Words.Arn
            StartingPosition: TRIM_HORIZON
            FunctionResponseTypes: [ReportBatchItemFailures]
            MaximumRetryAttempts: 2
  Spelling:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layer, CompatibleRuntimes: [python3.11] }
  Words:
    Type: AWS::Kinesis::Stream
    Properties: { Name: !Ref Name, ShardCount: 1 }
  Counts:
    Type: AWS::Serverless::SimpleTable
    Properties: { TableName: !Ref Name }
`;
/** Adds one for each word as its layer spells it, and reports the first that it cannot read. */
const HANDLER = `
import base64, os
import boto3
from spelling import spell
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    for record in event["Records"]:
        word = base64.b64decode(record["kinesis"]["data"]).decode()
        word = spell(word)
        if word == "unreadable":
            return {"batchItemFailures": [{"itemIdentifier": record["kinesis"]["sequenceNumber"]}]}
        table.update_item(Key={"id": word}, UpdateExpression="ADD seen STEP", ExpressionAttributeValues={"STEP": 1})
`.replaceAll('STEP', ':one');

const dynamodb = useDynamoDb();
const kinesis = useKinesis();
let root = '';
let started: StartedApplication | undefined;
let events: RuntimeEvent[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'oncefold-'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'template.yaml'), TEMPLATE);
  writeHandler(HANDLER);
  mkdirSync(join(root, 'layer', 'python'), { recursive: true });
  writeFileSync(join(root, 'layer', 'python', 'spelling.py'), 'def spell(word): return word.lower()');
  events = [];
});
afterEach(async () => {
  await started?.stop();
  started = undefined;
  rmSync(root, { recursive: true });
});

function writeHandler(text: string): void {
  writeFileSync(join(root, 'src', 'count.py'), text);
}

async function start(options: { readonly faults?: string; readonly watch?: boolean } = {}): Promise<void> {
  started = await startApplication({
    template: join(root, 'template.yaml'),
    // The engines are the same for all tests.
    parameters: { Name: basename(root) },
    dynamodbEndpoint: dynamodb.endpoint,
    kinesisEndpoint: kinesis.endpoint,
    cacheDirectory: testCache,
    watch: options.watch ?? false,
    ...(options.faults === undefined ? {} : { faults: addFaults(options.faults) }),
    onEvent: (event) => events.push(event),
  });
}

async function put(...words: readonly string[]): Promise<void> {
  const StreamName = running().application.streams[0]?.streamName;
  const Records = words.map((word) => ({ Data: Buffer.from(word), PartitionKey: 'p' }));
  await running().clients.kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  await running().running.whenIdle();
}

async function countOf(word: string): Promise<number> {
  const { clients, application } = running();
  const TableName = application.tables[0]?.tableName;
  const { Item } = await clients.dynamodb.send(
    new GetItemCommand({ TableName, Key: { id: { S: word } }, ConsistentRead: true }),
  );
  return Number(Item?.['seen']?.N ?? 0);
}

function running(): StartedApplication {
  if (started === undefined) {
    throw new Error('the application was not started');
  }
  return started;
}

function kindsOf(type: RuntimeEvent['type']): RuntimeEvent[] {
  return events.filter((event) => event.type === type);
}

describe('an application in Python', () => {
  it('handles each record once, and again from the one that it reports', async () => {
    await start();
    await put('bread', 'SALT', 'Bread');
    expect([await countOf('bread'), await countOf('salt')]).toEqual([2, 1]);
    await put('before', 'unreadable', 'after');
    expect([await countOf('before'), await countOf('after')]).toEqual([1, 0]);
    expect(kindsOf('records-discarded')).toHaveLength(1);
    expect(await running().running.functions.get('CountFunction')?.cpuSeconds()).toBeGreaterThan(0);
  });

  it('counts twice what it had written when it was killed, as it would on AWS', async () => {
    await start({ faults: 'kill-after-commit=1,seed=1' });
    await put('bread');
    const { counts } = running().faults?.injected() ?? { counts: {} };
    expect(counts).toMatchObject({ 'kill-after-commit': expect.any(Number) });
    expect(await countOf('bread')).toBeGreaterThan(1);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'function-exited', reason: 'signal: SIGKILL' }),
    );
  });

  it('counts twice what its SDK sends again after a lost reply', async () => {
    // This seed loses the first reply, and never three in a row: each boto3 sends a request three times at least, some no more.
    await start({ faults: 'lost-reply=0.2,seed=8' });
    await put(...Array.from({ length: 20 }, () => 'bread'));
    expect(await countOf('bread')).toBeGreaterThan(20);
    expect(kindsOf('invocation-failed')).toEqual([]);
  });

  it('takes its code anew when that changes, and not when it ran', async () => {
    await start({ watch: true });
    await put('bread');
    writeHandler(HANDLER.replace('"id": word', '"id": word + "2"'));
    await expect.poll(() => kindsOf('function-reloaded')).toHaveLength(1);
    await put('bread');
    expect([await countOf('bread'), await countOf('bread2')]).toEqual([1, 1]);
    expect(kindsOf('function-reloaded')).toHaveLength(1);
    expect(readdirSync(join(root, 'src'))).toEqual(['count.py']);
  });
});
