// Goal: Node.js functions of a plain SAM application run as in Lambda, whatever lies around them.
// Method: an application of one template, sources, a layer and what `sam build` makes of them, under the command itself.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ready } from './support/outside-producer.ts';
import { type Oncefold, startOncefold } from './support/run-oncefold.ts';

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: nodejs22.x, Timeout: 30 }
Resources:
  Items:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: Items
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_IMAGE }
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: shared }
  Caller:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: caller
      CodeUri: caller
      Handler: index.nested.handler
      Layers: [!Ref Shared]
      Events: { Changes: { Type: DynamoDB, Properties: { Stream: !GetAtt Items.StreamArn, StartingPosition: TRIM_HORIZON } } }
  Called:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: called
      CodeUri: called
      Handler: index.handler
      Events: { Changes: { Type: DynamoDB, Properties: { Stream: !GetAtt Items.StreamArn, StartingPosition: TRIM_HORIZON } } }
`;

const FILES = {
  'template.yaml': TEMPLATE,
  'package.json': '{"type":"module"}',
  'shared/nodejs/node_modules/greet/index.js': "exports.greet = (name) => 'hello ' + name;",
  'caller/index.js': 'throw new Error("these are the sources");',
  '.aws-sam/build/Caller/index.js': `
    const { request } = require('node:http');
    const { greet } = require('greet');
    const { unmarshall } = require('@aws-sdk/util-dynamodb');
    exports.nested = {
      handler: (event, context, callback) => {
        const { id } = unmarshall(event.Records[0].dynamodb.Keys);
        console.log(greet(id), typeof process.env.AWS_ENDPOINT_URL_DYNAMODB_STREAMS);
        const url = process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/called:live/invocations';
        request(url, { method: 'POST' }, async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          console.log('called', text);
          callback(null, {});
        }).end('{"by":"hand"}');
      },
    };`,
  'called/index.mjs':
    'export const handler = async (event, context) => event.by === undefined ? {} : context.invokedFunctionArn;',
};

let folder = '';
let application: Oncefold;

describe('oncefold up with Node.js functions', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  afterEach(async () => {
    application.process.kill('SIGTERM');
    await application.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs a build with callback, layer and SDK in a project of ES modules, and lets functions invoke others', async () => {
    application = startOncefold(['up', '--json', '--template', join(folder, 'template.yaml')]);
    const ready: Ready = JSON.parse(await application.line(() => true));
    const client = new DynamoDBClient({
      endpoint: ready.dynamodb,
      region: ready.region,
      credentials: { accessKeyId: ready.accessKeyId, secretAccessKey: ready.secretAccessKey },
    });
    const put = async (id: string): Promise<void> => {
      await client.send(new PutItemCommand({ TableName: 'Items', Item: { id: { S: id } } }));
    };
    const told = (): string => application.output().stderr;
    await put('one');
    await expect.poll(told).toContain('hello one string');
    await expect.poll(told).toContain('called "arn:aws:lambda:us-east-1:000000000000:function:called:live"');
    expect(told()).toMatch(
      /Caller: its layers are in .*\/opt; code that names \/opt itself does not find them/,
    );
    writeFileSync(
      join(folder, 'shared/nodejs/node_modules/greet/index.js'),
      "exports.greet = (name) => 'good evening ' + name;",
    );
    await expect.poll(told).toContain('its code has changed');
    await put('two');
    await expect.poll(told).toContain('good evening two string');
    client.destroy();
  });
});
