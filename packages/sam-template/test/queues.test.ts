// Goal: queues and the mappings from them are read whole, with what SQS and Lambda would refuse refused by its place.
import { describe, expect, it } from 'vitest';
import { readText, withStreams } from './read-text.ts';

const withQueue = (properties: string, event = ''): string =>
  withStreams(`Q: { Type: AWS::SQS::Queue, Properties: { ${properties} } }
F:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs24.x
    Handler: a.b
    Environment: { Variables: { URL: !Ref Q, ARN: !GetAtt Q.Arn, NAME: !GetAtt Q.QueueName } }
    Events: { E: { Type: SQS, Properties: { Queue: !GetAtt Q.Arn, ${event} } } }
Dead: { Type: AWS::SQS::Queue }
`);

describe('readTemplate of queues', () => {
  it("reads a queue with SQS's defaults, and a mapping with Lambda's", async () => {
    const { queues, mappings } = await readText(withQueue(''));
    expect(queues[0]).toEqual({
      logicalId: 'Q',
      queueName: 'Q',
      isFifo: false,
      contentBasedDeduplication: false,
      visibilityTimeoutSeconds: 30,
      messageRetentionSeconds: 345_600,
      delaySeconds: 0,
      receiveMessageWaitSeconds: 0,
    });
    expect(mappings).toEqual([
      {
        logicalId: 'FE',
        functionLogicalId: 'F',
        source: { kind: 'sqs', logicalId: 'Q' },
        settings: {
          enabled: true,
          batchSize: 10,
          maximumBatchingWindowInSeconds: 0,
          functionResponseTypes: [],
        },
      },
    ]);
  });

  it('reads every setting', async () => {
    const { queues, mappings } = await readText(
      withQueue(
        `QueueName: q.fifo, FifoQueue: true, ContentBasedDeduplication: true, VisibilityTimeout: 60, MaximumMessageSize: 2048,
         RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: '3' }`,
        `BatchSize: 5, FunctionResponseTypes: [ReportBatchItemFailures], ScalingConfig: { MaximumConcurrency: 2 },
         FilterCriteria: { Filters: [{ Pattern: '{"body":["a"]}' }] }`,
      ),
    );
    expect(queues[0]).toMatchObject({
      queueName: 'q.fifo',
      isFifo: true,
      maximumMessageSize: 2048,
      redrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:Dead', maxReceiveCount: 3 },
    });
    expect(mappings[0]?.settings).toMatchObject({
      batchSize: 5,
      maximumConcurrency: 2,
      functionResponseTypes: ['ReportBatchItemFailures'],
      filterCriteria: { filters: [{ pattern: '{"body":["a"]}' }] },
    });
  });

  it('gives functions the URL that a queue has once it is deployed', async () => {
    const before = await readText(withQueue(''));
    expect(before.functions[0]?.environment).toEqual({
      ARN: 'arn:aws:sqs:us-east-1:123456789012:Q',
      NAME: 'Q',
    });
    const url = 'http://127.0.0.1:9324/123456789012/Q';
    const after = await readText(withQueue(''), { deployed: { queueUrls: new Map([['Q', url]]) } });
    expect(after.functions[0]?.environment['URL']).toBe(url);
    expect(after.unsupported).toEqual([]);
  });

  it('gives a FIFO queue without a name one that SQS takes', async () => {
    const { queues } = await readText(withQueue('FifoQueue: true'));
    expect(queues[0]?.queueName).toBe('Q.fifo');
  });

  it.each([
    [
      'FifoQueue: true, QueueName: q',
      '',
      /^Resources\.Q\.Properties\.QueueName: q is no name of a FIFO queue/,
    ],
    ['QueueName: q.fifo', '', /QueueName: q\.fifo is no name of a queue/],
    ['VisibilityTimeout: 43201', '', /VisibilityTimeout: must be a whole number from 0 to 43200/],
    [
      '',
      'BatchSize: 11',
      /^Resources\.F\.Properties\.Events\.E\.Properties\.BatchSize: needs MaximumBatchingWindowInSeconds/,
    ],
    [
      'FifoQueue: true',
      'BatchSize: 11, MaximumBatchingWindowInSeconds: 1',
      /must be 1 to 10 for a FIFO queue/,
    ],
    [
      '',
      'ScalingConfig: { MaximumConcurrency: 1 }',
      /MaximumConcurrency: must be a whole number from 2 to 1000/,
    ],
    [
      '',
      `FilterCriteria: { Filters: [{ Pattern: '{"body":[{"exist":true}]}' }] }`,
      /FilterCriteria\.Filters\.0\.Pattern: the pattern is refused/,
    ],
    ['', 'ScalingConfig: { MaxConcurrency: 3 }', /ScalingConfig\.MaxConcurrency: is not a property/],
  ])('refuses { %s } with { %s }', async (queue, event, message) => {
    await expect(readText(withQueue(queue, event))).rejects.toThrow(message);
  });
});
