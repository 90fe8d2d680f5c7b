import type { Application } from '@oncefold/sam-template';
import { describe, expect, it } from 'vitest';
import { runnableApplication } from './runnable-application.ts';

describe('runnableApplication', () => {
  it('leaves out functions that no stream feeds, and says so', () => {
    const functionOf = (logicalId: string) => ({ logicalId }) as Application['functions'][number];
    const mappingOf = (functionLogicalId: string, enabled: boolean) =>
      ({
        functionLogicalId,
        source: { kind: 'kinesis' },
        settings: { enabled },
      }) as Application['mappings'][number];
    const application = runnableApplication({
      functions: ['Consumer', 'Api', 'Paused'].map(functionOf),
      mappings: [mappingOf('Consumer', true), mappingOf('Paused', false)],
      tables: [],
      streams: [],
      queues: [],
      ignored: [],
      outputs: {},
      unsupported: [{ logicalId: 'Queue', what: 'AWS::SQS::Queue is not emulated' }],
    });
    expect(application.functions.map(({ logicalId }) => logicalId)).toEqual(['Consumer']);
    expect(application.mappings).toHaveLength(1);
    expect(application.unsupported).toEqual([
      { logicalId: 'Queue', what: 'AWS::SQS::Queue is not emulated' },
      { logicalId: 'Api', what: 'no stream feeds this function: it is not run' },
      { logicalId: 'Paused', what: 'its event source mappings are not enabled: it is not run' },
    ]);
  });
});
