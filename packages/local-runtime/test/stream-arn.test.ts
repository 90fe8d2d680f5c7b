// Goal: the ARN of a table's stream is one and the same wherever a function can meet it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RuntimeEvent } from '../src/application/runtime-event.ts';
import { startApplication } from '../src/start/start-application.ts';

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_IMAGE }
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Environment: { Variables: { STREAM_ARN: !GetAtt Orders.StreamArn } }
      Events:
        Rows: { Type: DynamoDB, Properties: { Stream: !GetAtt Orders.StreamArn, StartingPosition: TRIM_HORIZON } }
Outputs:
  StreamArn: { Value: !GetAtt Orders.StreamArn }
`;
const HANDLER = `export const handler = async ({ Records }) => {
  console.log(JSON.stringify({ variable: process.env.STREAM_ARN, event: Records[0].eventSourceARN }));
};`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncefold-stream-arn-'));
  await writeFile(join(folder, 'template.yaml'), TEMPLATE);
  await writeFile(join(folder, 'index.mjs'), HANDLER);
});
afterEach(() => rm(folder, { recursive: true }));

it('is the same in a variable, in an output and in the event', async () => {
  const lines: string[] = [];
  const { application, clients, running, stop } = await startApplication({
    template: join(folder, 'template.yaml'),
    engine: 'auto',
    runtimeClient: 'built-in',
    onEvent: (event: RuntimeEvent) => {
      if (event.type === 'log' && event.output === 'stdout') {
        lines.push(event.line);
      }
    },
  });
  try {
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'Orders', Item: { id: { S: '1' } } }));
    await running.whenIdle();
    const arn = application.outputs['StreamArn'];
    expect(arn).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/Orders\/stream\/.+$/);
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ variable: arn, event: arn }]);
  } finally {
    await stop();
  }
});
