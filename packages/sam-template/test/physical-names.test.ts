import { describe, expect, it } from 'vitest';
import { readText, withStreams } from './read-text.ts';

const fn = (id: string, name: string): string => `${id}:
  Type: AWS::Serverless::Function
  Properties:
    FunctionName: ${name}
    Handler: app.handler
    Runtime: nodejs24.x
    Events: { Tab: { Type: DynamoDB, Properties: { Stream: !GetAtt T.StreamArn, StartingPosition: LATEST } } }
`;

describe('physical names', () => {
  it('refuses two functions of one name, so that no mapping reaches the wrong one', async () => {
    await expect(readText(withStreams(fn('First', 'same') + fn('Second', 'same')))).rejects.toThrow(
      'Resources.Second.Properties.FunctionName: First has the name same, too, and AWS creates only one of a name',
    );
  });

  it.each([
    ['Name', 'A: { Type: AWS::Kinesis::Stream, Properties: { Name: S, ShardCount: 1 } }'],
    ['TableName', 'A: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: T-table } }'],
    ['QueueName', 'A: { Type: AWS::SQS::Queue }\nB: { Type: AWS::SQS::Queue, Properties: { QueueName: A } }'],
  ])('refuses a %s that another resource of the kind has', async (property, resources) => {
    await expect(readText(withStreams(resources))).rejects.toThrow(
      new RegExp(`Properties\\.${property}: \\w+ has the name `),
    );
  });

  it('takes one name for resources of several kinds, and of those of which only one is created', async () => {
    const application = await readText(`Conditions: { Never: !Equals [a, b] }
${withStreams(`Q: { Type: AWS::SQS::Queue, Properties: { QueueName: S } }
Other: { Type: AWS::Kinesis::Stream, Condition: Never, Properties: { Name: S, ShardCount: 1 } }
`)}`);
    expect(application.streams.map(({ streamName }) => streamName)).toEqual(['S']);
    expect(application.queues.map(({ queueName }) => queueName)).toEqual(['S']);
  });
});
