import type { RuntimeEvent } from '@oncefold/local-runtime';
import { describe, expect, it } from 'vitest';
import { createFailureLog } from './failure-log.ts';

function failure(errorType: string): RuntimeEvent {
  return {
    type: 'invocation-failed',
    at: 0,
    functionId: 'MapFunction',
    requestId: 'r',
    mappingId: 'm',
    shardId: 'shard-1',
    records: 1,
    attempt: 3,
    durationMs: 1,
    errorType,
    errorMessage: 'it\nbroke',
  };
}

function log(line: string): RuntimeEvent {
  return { type: 'log', at: 0, functionId: 'MapFunction', output: 'stdout', line };
}

function linesOf(events: Iterable<RuntimeEvent>): readonly string[] {
  const lines: string[] = [];
  const take = createFailureLog((line) => lines.push(line));
  for (const event of events) {
    take(event);
  }
  return lines;
}

describe('createFailureLog', () => {
  it('says which destination did not take a document', () => {
    const event: RuntimeEvent = {
      type: 'delivery-failed',
      at: 0,
      mappingId: 'Mapping',
      functionId: 'MapFunction',
      destination: { kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:1:q.fifo' },
      errorType: 'MissingParameter',
      errorMessage: 'MessageGroupId',
    };
    expect(linesOf([event])).toEqual([
      '1970-01-01T00:00:00.000Z Mapping cannot send to arn:aws:sqs:us-east-1:1:q.fifo: MissingParameter: MessageGroupId',
    ]);
  });

  it('says which function failed how, with which batch, in one line', () => {
    expect(linesOf([failure('TypeError')])).toEqual([
      '1970-01-01T00:00:00.000Z MapFunction failed: TypeError: it\\u{a}broke (1 record of shard-1, attempt 3)',
    ]);
  });

  it('says less and less about what goes on failing, and how often it did', () => {
    const lines = linesOf(Array.from({ length: 100_000 }, () => failure('TypeError')));
    expect(lines).toHaveLength(10 + 13);
    expect(lines.at(-1)).toContain('(65,536 times so far)');
  });

  it('shows warnings, errors and lines without structure, and nothing else that a function writes', () => {
    const lines = linesOf([
      log('{"level":"INFO","message":"fine"}'),
      log('{"_aws":{},"Applied":3}'),
      log('{"level":"WARN","message":"look"}'),
      log('{"level":"ERROR","message":"broken","service":"map","cold_start":false,"field":"Value"}'),
      log('Trace: somewhere'),
      log('  '),
    ]);
    expect(lines.map((line) => line.slice(25))).toEqual([
      'MapFunction: WARN: look',
      'MapFunction: ERROR: broken {"field":"Value"}',
      'MapFunction: Trace: somewhere',
    ]);
  });

  it('takes JSON without a level for any other line, and reads the levels and messages of other loggers', () => {
    const lines = linesOf([
      log('{"status":"OK"}'),
      log('[1,2]'),
      log('{"level":30,"time":1,"msg":"fine"}'),
      log('{"level":50,"time":1,"msg":"broken"}'),
      log('{"level":"warn","message":{"trade":"a"}}'),
    ]);
    expect(lines.map((line) => line.slice(25))).toEqual([
      'MapFunction: {"status":"OK"}',
      'MapFunction: [1,2]',
      'MapFunction: ERROR: broken {"time":1}',
      'MapFunction: WARN: {"trade":"a"}',
    ]);
  });
});
