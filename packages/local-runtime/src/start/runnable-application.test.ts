import type { Application } from '@oncefold/sam-template';
import { describe, expect, it } from 'vitest';
import { runnableApplication } from './runnable-application.ts';

describe('runnableApplication', () => {
  it('leaves out functions that no stream or queue feeds, and says so', () => {
    const functionOf = (logicalId: string) => ({ logicalId }) as Application['functions'][number];
    const mappingOf = (functionLogicalId: string, enabled: boolean, kind = 'kinesis') =>
      ({ functionLogicalId, source: { kind }, settings: { enabled } }) as Application['mappings'][number];
    const application = runnableApplication({
      functions: ['Consumer', 'Worker', 'Api', 'Paused'].map(functionOf),
      mappings: [mappingOf('Consumer', true), mappingOf('Worker', true, 'sqs'), mappingOf('Paused', false)],
      tables: [],
      streams: [],
      queues: [],
      ignored: [],
      outputs: {},
      unsupported: [{ logicalId: 'Topic', what: 'AWS::SNS::Topic is not emulated' }],
    });
    expect(application.functions.map(({ logicalId }) => logicalId)).toEqual(['Consumer', 'Worker']);
    expect(application.mappings).toHaveLength(2);
    expect(application.unsupported).toEqual([
      { logicalId: 'Topic', what: 'AWS::SNS::Topic is not emulated' },
      { logicalId: 'Api', what: 'no stream or queue feeds this function: it is not run' },
      { logicalId: 'Paused', what: 'its event source mappings are not enabled: it is not run' },
    ]);
  });

  it('gives a queue no dead-letter queue that is elsewhere, and says so', () => {
    const queueOf = (queueName: string, deadLetters?: string) =>
      ({
        logicalId: queueName,
        queueName,
        ...(deadLetters !== undefined && {
          redrivePolicy: { deadLetterTargetArn: `arn:aws:sqs:x:0:${deadLetters}`, maxReceiveCount: 1 },
        }),
      }) as Application['queues'][number];
    const queues = [queueOf('jobs', 'letters'), queueOf('letters'), queueOf('more', 'elsewhere')];
    const nothing = { functions: [], mappings: [], tables: [], streams: [], ignored: [], outputs: {} };
    const application = runnableApplication({ ...nothing, queues, unsupported: [] });
    expect(application.queues).toEqual([queues[0], queues[1], queueOf('more')]);
    expect(application.unsupported).toEqual([
      {
        logicalId: 'more',
        what: 'its dead-letter queue (arn:aws:sqs:x:0:elsewhere) is not in this template: messages are received without limit',
      },
    ]);
  });
});
