// Goal: the ARN of a stream is one and the same wherever a function can meet it, and the SDK can be used with it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RuntimeEvent } from '../src/application/runtime-event.ts';
import { type StartedApplication, startApplication } from '../src/start/start-application.ts';

/** A function that is fed from a stream, whose ARN is in a variable and in an output. */
const templateOf = (resources: string, stream: { readonly arn: string; readonly type: string }): string =>
  `Transform: AWS::Serverless-2016-10-31
Resources:
${resources}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Environment: { Variables: { STREAM_ARN: !GetAtt ${stream.arn} } }
      Events:
        Rows:
          Type: ${stream.type}
          Properties: { Stream: !GetAtt ${stream.arn}, StartingPosition: TRIM_HORIZON }
Outputs:
  StreamArn: { Value: !GetAtt ${stream.arn} }
`;
const ORDERS = '  Orders: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }';
const TABLE = `  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_IMAGE }`;
const templates = {
  dynamodb: templateOf(TABLE, { arn: 'Orders.StreamArn', type: 'DynamoDB' }),
  kinesis: templateOf(ORDERS, { arn: 'Orders.Arn', type: 'Kinesis' }),
  consumer: templateOf(
    `${ORDERS}
  Consumer:
    Type: AWS::Kinesis::StreamConsumer
    Properties: { ConsumerName: show, StreamARN: !GetAtt Orders.Arn }`,
    { arn: 'Consumer.ConsumerARN', type: 'Kinesis' },
  ),
};

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
  source: keyof typeof templates,
  write: (clients: StartedApplication['clients']) => Promise<unknown>,
  template: string = templates[source],
): Promise<{ application: StartedApplication['application']; said: unknown[] }> {
  await writeFile(join(folder, 'template.yaml'), template);
  await writeFile(join(folder, 'index.mjs'), handlers[source]);
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

const writeOrder = ({ dynamodb }: StartedApplication['clients']): Promise<unknown> =>
  dynamodb.send(new PutItemCommand({ TableName: 'Orders', Item: { id: { S: '1' } } }));

it("of a table's is the same in a variable, in an output, in the event and in an answer", async () => {
  const { application, said } = await run('dynamodb', writeOrder);
  const arn = application.outputs['StreamArn'];
  expect(arn).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/Orders\/stream\/.+$/);
  expect(said).toEqual([{ variable: arn, event: arn, described: arn }]);
});

it('of Kinesis is the same in a variable, in an output, in the event and in an answer', async () => {
  const { application, said } = await run('kinesis', put);
  const arn = application.outputs['StreamArn'];
  expect(arn).toBe('arn:aws:kinesis:us-east-1:000000000000:stream/Orders');
  expect(said).toEqual([{ variable: arn, event: arn, described: arn }]);
});

it('of a consumer with enhanced fan-out is the same in a variable and in the event', async () => {
  const { said } = await run('consumer', put);
  const arn = expect.stringMatching(/:stream\/Orders\/consumer\/show:\d+$/);
  expect(said).toEqual([{ variable: arn, event: arn }]);
});

it('and the address of a queue are in code in the template what they are in a variable', async () => {
  const template = templateOf(
    `${TABLE}
  Jobs: { Type: AWS::SQS::Queue }`,
    { arn: 'Orders.StreamArn', type: 'DynamoDB' },
  ).replace(
    '      Environment:',
    `      InlineCode: !Sub |
        exports.handler = async ({ Records }) => {
          const url = '\${Jobs}';
          console.log(JSON.stringify({ arn: '\${Orders.StreamArn}', event: Records[0].eventSourceARN, url }));
        };
      Environment:`,
  );
  const { application, said } = await run('dynamodb', writeOrder, template);
  const arn = application.outputs['StreamArn'];
  expect(said).toEqual([
    { arn, event: arn, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*Jobs$/) },
  ]);
});
