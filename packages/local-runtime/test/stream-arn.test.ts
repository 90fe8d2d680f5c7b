// Goal: the ARN of a stream is one and the same wherever a function can meet it, and the SDK can be used with it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RuntimeEvent } from '../src/application/runtime-event.ts';
import { type StartedApplication, startApplication } from '../src/start/start-application.ts';

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
const KINESIS = `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Environment: { Variables: { STREAM_ARN: !GetAtt Orders.Arn } }
      Events:
        Rows: { Type: Kinesis, Properties: { Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON } }
Outputs:
  StreamArn: { Value: !GetAtt Orders.Arn }
`;

const FAN_OUT = `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  Consumer:
    Type: AWS::Kinesis::StreamConsumer
    Properties: { ConsumerName: show, StreamARN: !GetAtt Orders.Arn }
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Environment: { Variables: { STREAM_ARN: !GetAtt Consumer.ConsumerARN } }
      Events:
        Rows: { Type: Kinesis, Properties: { Stream: !Ref Consumer, StartingPosition: TRIM_HORIZON } }
`;

/** Handlers; the first two use their own variable with the SDK that Lambda brings. */
const handlers = {
  dynamodb: `
    import { DescribeStreamCommand, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
    const StreamArn = process.env.STREAM_ARN;
    export const handler = async ({ Records }) => {
      const { StreamDescription } = await new DynamoDBStreamsClient().send(new DescribeStreamCommand({ StreamArn }));
      const described = StreamDescription.StreamArn;
      console.log(JSON.stringify({ variable: StreamArn, event: Records[0].eventSourceARN, described }));
    };`,
  kinesis: `
    import { DescribeStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
    import { NodeHttpHandler } from '@smithy/node-http-handler';
    const StreamARN = process.env.STREAM_ARN;
    export const handler = async ({ Records }) => {
      const client = new KinesisClient({ requestHandler: new NodeHttpHandler() });
      const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamARN }));
      const described = StreamDescription.StreamARN;
      console.log(JSON.stringify({ variable: StreamARN, event: Records[0].eventSourceARN, described }));
    };`,
  consumer: `
    export const handler = async ({ Records }) => {
      console.log(JSON.stringify({ variable: process.env.STREAM_ARN, event: Records[0].eventSourceARN }));
    };`,
} as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncefold-stream-arn-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** What the function of a template said, after something was written and gone through. */
async function run(
  { template, handler }: { readonly template: string; readonly handler: keyof typeof handlers },
  write: (clients: StartedApplication['clients']) => Promise<unknown>,
): Promise<{ application: StartedApplication['application']; said: unknown[] }> {
  await writeFile(join(folder, 'template.yaml'), template);
  await writeFile(join(folder, 'index.mjs'), handlers[handler]);
  const said: unknown[] = [];
  const { application, clients, running, stop } = await startApplication({
    template: join(folder, 'template.yaml'),
    engine: 'auto',
    runtimeClient: 'built-in',
    onEvent: (event: RuntimeEvent) => {
      if (event.type === 'log' && event.output === 'stdout') {
        said.push(JSON.parse(event.line));
      }
    },
  });
  try {
    await write(clients);
    await running.whenIdle();
    return { application, said };
  } finally {
    await stop();
  }
}

const put = ({ kinesis }: StartedApplication['clients']): Promise<unknown> =>
  kinesis.send(new PutRecordCommand({ StreamName: 'Orders', PartitionKey: 'p', Data: Buffer.from('1') }));

it("of a table's is the same in a variable, in an output, in the event and in an answer", async () => {
  const { application, said } = await run({ template: TEMPLATE, handler: 'dynamodb' }, ({ dynamodb }) =>
    dynamodb.send(new PutItemCommand({ TableName: 'Orders', Item: { id: { S: '1' } } })),
  );
  const arn = application.outputs['StreamArn'];
  expect(arn).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/Orders\/stream\/.+$/);
  expect(said).toEqual([{ variable: arn, event: arn, described: arn }]);
});

it('of Kinesis is the same in a variable, in an output, in the event and in an answer', async () => {
  const { application, said } = await run({ template: KINESIS, handler: 'kinesis' }, put);
  const arn = application.outputs['StreamArn'];
  expect(arn).toBe('arn:aws:kinesis:us-east-1:000000000000:stream/Orders');
  expect(said).toEqual([{ variable: arn, event: arn, described: arn }]);
});

it('of a consumer with enhanced fan-out is the same in a variable and in the event', async () => {
  const { said } = await run({ template: FAN_OUT, handler: 'consumer' }, put);
  const arn = expect.stringMatching(/:stream\/Orders\/consumer\/show:\d+$/);
  expect(said).toEqual([{ variable: arn, event: arn }]);
});
