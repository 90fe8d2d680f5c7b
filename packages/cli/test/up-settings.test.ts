// Goal: an application runs with the settings that its project has for the SAM CLI, and says which; what cannot run says why.
// Method: a project of its own in a folder of its own, with what sam build would leave there; the command is started in the folder above.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { freePort } from '@oncefold/engines';
import { descendantsOf, untilGone } from '@oncefold/local-runtime/test-support';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ready } from './support/outside-producer.ts';
import { type Oncefold, runOncefold, startOncefold } from './support/run-oncefold.ts';

const project = fileURLToPath(new URL('./fixtures/settings', import.meta.url));

let folder = '';
let application: Oncefold | undefined;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'oncefold-')));
  cpSync(project, join(folder, 'app'), { recursive: true });
});

afterEach(async () => {
  application?.process.kill('SIGTERM');
  await application?.ended;
  application = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function up(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ready & Readonly<Record<string, unknown>>> {
  application = startOncefold(['up', '--json', ...words], environment, { directory: folder });
  return JSON.parse(await application.line(() => true));
}

function template(text: string): string {
  writeFileSync(join(folder, 'other.yaml'), text);
  return 'other.yaml';
}

const run = (...words: string[]) => runOncefold(['up', ...words], {}, { directory: folder });

const told = () => application?.output().stderr ?? '';

describe('oncefold up, with the settings of a project', () => {
  it('runs what is built, with samconfig.toml and variables, from the folder of whoever calls', async () => {
    renameSync(join(folder, 'app', 'built'), join(folder, 'app', '.aws-sam-build'));
    cpSync(join(folder, 'app', '.aws-sam-build'), join(folder, 'app', '.aws-sam', 'build'), {
      recursive: true,
    });
    const ready = await up(['--template', 'app/template.yaml', '--config-env', 'local']);
    expect(ready).toMatchObject({
      region: 'eu-west-1',
      template: 'app/template.yaml',
      config: { file: join(folder, 'app', 'samconfig.toml'), environment: 'local' },
      functions: [
        {
          name: 'KeepOrders',
          runtime: 'nodejs24.x',
          handler: 'orders.handler',
          code: join(folder, 'app', '.aws-sam', 'build', 'Shared'),
        },
        {
          name: 'Nested-Pack',
          handler: 'pack.handlers.pack.handler',
          code: join(folder, 'app', 'nested', 'src'),
        },
      ],
      mappings: [
        { source: 'Events', function: 'KeepOrders' },
        { source: 'Orders', function: 'Nested-Pack' },
      ],
      tables: ['Orders', 'Parcels'],
    });
    const credentials = { accessKeyId: ready.accessKeyId, secretAccessKey: ready.secretAccessKey };
    const kinesis = new KinesisClient({
      endpoint: ready.kinesis,
      region: ready.region,
      credentials,
      requestHandler: new NodeHttpHandler(),
    });
    await kinesis.send(
      new PutRecordCommand({ StreamName: 'Events', PartitionKey: '1', Data: Buffer.from('order 1') }),
    );
    const dynamodb = new DynamoDBClient({ endpoint: ready.dynamodb, region: ready.region, credentials });
    const scan = async (TableName: string) =>
      (await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items;
    const OrderId = { S: 'order 1' };
    await expect.poll(() => scan('Parcels')).toEqual([{ OrderId }]);
    expect(await scan('Orders')).toEqual([
      {
        OrderId,
        STAGE: { S: 'the file' },
        STACK: { S: 'orders-local' },
        REGION: { S: 'eu-west-1' },
        AWS_REGION: { S: 'eu-west-1' },
        API: { S: 'http://127.0.0.1:9' },
        refused: { S: 'ServiceNotEmulatedException' },
      },
    ]);
    const config = join(folder, 'app', 'samconfig.toml');
    const variables = join(folder, 'app', 'env.json');
    expect(told()).toContain(
      `warning: ${config} gives Unknown a value, and the template has no such parameter\n`,
    );
    expect(told()).toContain(
      `warning: ${variables} sets UNDECLARED of KeepOrders, which the template does not declare: it is not set\n`,
    );
    expect(told()).toContain(
      'KeepOrders calls s3 (PUT /photos/one), which is not emulated: its requests are refused; set AWS_ENDPOINT_URL_S3 with --env-vars to point them elsewhere\n',
    );
    kinesis.destroy();
    dynamodb.destroy();
    application?.process.kill('SIGTERM');
    const end = await application?.ended;
    expect(end?.status).toBe(0);
    expect(end?.stderr).toMatch(/\noncefold: ended by SIGTERM\n$/);
  });

  it('says which engine has ended, how, and what it said, past a proxy that refuses everything', async () => {
    const refusing = `http://127.0.0.1:${await freePort()}`;
    const proxies = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: refusing, HTTPS_PROXY: refusing, NO_PROXY: '' };
    const words = ['--template', 'app/template.yaml', '--no-functions', '--parameter-overrides', 'Stage=x'];
    const ready = await up(words, { ...proxies, http_proxy: refusing, https_proxy: refusing });
    expect(ready).toMatchObject({
      config: { environment: 'default' },
      functions: [],
      mappings: [],
      streams: ['Events'],
      tables: ['Orders', 'Parcels'],
    });
    const dynamodb = new DynamoDBClient({
      endpoint: ready.dynamodb,
      region: 'sa-east-1',
      credentials: { accessKeyId: 'OTHER', secretAccessKey: 'other' },
    });
    const again = new CreateTableCommand({
      TableName: 'Orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'OrderId', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'OrderId', KeyType: 'HASH' }],
    });
    await expect(dynamodb.send(again)).rejects.toMatchObject({ name: 'ResourceInUseException' });
    dynamodb.destroy();
    const processes = descendantsOf(application?.process.pid ?? 0);
    const kinesis = processes.find(({ pid }) =>
      /^\S*node .*kinesalite-program/.test(
        execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }),
      ),
    );
    process.kill(kinesis?.pid ?? Number.NaN, 'SIGKILL');
    const end = await application?.ended;
    const reason =
      /the pipeline has failed: kinesalite \(process \d+\) has ended unexpectedly \(SIGKILL\); its last output: .*"port"/;
    expect(end?.stderr).toMatch(reason);
    expect(end?.status).toBe(2);
    expect(JSON.parse(end?.stdout.trim().split('\n')[1] ?? '')).toEqual({
      ended: true,
      reason: expect.stringMatching(reason),
      destinations: [],
    });
    await untilGone(processes);
  });

  it.each([
    ['an empty template', 'Resources: {}', []],
    ['a bucket', 'Resources: { Photos: { Type: AWS::S3::Bucket } }', []],
    [
      'functions of a runtime that does not run here, and of an API',
      `Transform: AWS::Serverless-2016-10-31
Resources:
  Events: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } }
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: ruby3.4
      Handler: index.handler
      CodeUri: .
      Events:
        In: { Type: Kinesis, Properties: { Stream: !GetAtt Events.Arn, StartingPosition: LATEST } }
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      CodeUri: .
      Events:
        Get: { Type: Api, Properties: { Path: /, Method: get } }`,
      ['not emulated: Other: ', 'not emulated: Api: no stream or queue feeds this function: it is not run'],
    ],
    [
      'mappings that are not enabled',
      `Transform: AWS::Serverless-2016-10-31
Resources:
  Events: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } }
  Paused:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      CodeUri: .
      Events:
        In:
          Type: Kinesis
          Properties: { Stream: !GetAtt Events.Arn, StartingPosition: LATEST, Enabled: false }`,
      ['not emulated: Paused: its event source mappings are not enabled: it is not run'],
    ],
  ])('has a status of its own for %s, and says what was left out', async (_, text, lines) => {
    const { status, stderr } = await run('--template', template(text));
    const above = lines.length === 0 ? '' : ', see what is not emulated above';
    expect(stderr).toContain(
      `oncefold: nothing to run: other.yaml has no function that would run here${above}; --no-functions creates`,
    );
    for (const line of lines) {
      expect(stderr).toContain(line);
    }
    expect(status).toBe(4);
  });

  it.each([
    [
      ['--template', 'app/template.yaml'],
      'Parameters.Stage: has no default, so that it needs a value: give it with --parameter-overrides Stage=value, or in samconfig.toml',
    ],
    [
      ['--template', 'app/template.yaml', '--config-env', 'dev'],
      'has no environment dev; it has default, local',
    ],
    [['--template', 'other.yaml', '--config-env', 'dev'], 'there is no samconfig.toml in'],
    [['--config-env', 'local'], '--config-env chooses from the configuration of a --template: name one'],
    [['--config-file', 'app/samconfig.toml'], 'names no template_file: say which with --template'],
    [['--template', 'app/template.yaml', '--config-file', 'none.toml'], 'could not read $folder/none.toml'],
    [
      ['--template', 'app/template.yaml', '--env-vars', 'none.json', '--parameter-overrides', 'Stage=x'],
      'could not read the variables of --env-vars $folder/none.json: ',
    ],
    [['--region', 'nowhere'], 'It must be a region such as eu-west-1.'],
  ])('refuses %j in one line', async (words, message) => {
    template('Resources: {}');
    const { status, stderr } = await run(...words);
    expect(stderr).toContain(message.replace('$folder', folder));
    expect(status).toBe(2);
  });

  it.each([
    ['up', ['--template', 'app/none.yaml'], 'app/none.yaml'],
    ['up', ['--config-file', 'samconfig.toml'], 'gone.yaml'],
    ['demo', ['--template', 'none.yaml'], 'none.yaml'],
  ])('says of %s %j first and alone that there is no such template', async (command, words, file) => {
    writeFileSync(
      join(folder, 'samconfig.toml'),
      '[default.global.parameters]\ntemplate_file = "gone.yaml"\nparameter_overrides = "Unknown=1"\n',
    );
    expect(await runOncefold([command, ...words], {}, { directory: folder })).toEqual({
      status: 2,
      stdout: '',
      stderr: `oncefold: there is no template ${join(folder, file)}\n`,
    });
  });

  it('refuses a build that is not one of the template', async () => {
    cpSync(join(folder, 'app', 'built'), join(folder, 'app', '.aws-sam', 'build'), { recursive: true });
    const built = join(folder, 'app', '.aws-sam', 'build', 'template.yaml');
    writeFileSync(built, 'Parameters: { Other: { Type: String } }\nResources: {}\n');
    const words = ['--template', 'app/template.yaml', '--parameter-overrides', 'Stage=x'];
    const { status, stderr } = await run(...words);
    expect(stderr).toContain('is not one of this template');
    expect(stderr).toContain('run `sam build` again, or remove that folder');
    expect(status).toBe(2);
  });
});
