// Goal: a fault affects the invocation that it is meant for, is listed, and is the same again with the same seed.
// Method: an injector by itself; the tests call it as the mapping, the pool and the proxy would.
import type { InvokeCommand } from '@oncefold/event-source-mapping';
import { describe, expect, it } from 'vitest';
import type { EngineReply, FaultDecision, ProxiedRequest } from '../fault-proxy/fault-plan.ts';
import type { InvocationResult } from '../functions/invocation.ts';
import type { DeliveryEnd } from '../streams/delivery-faults.ts';
import { createFaultInjector, type FaultInjector } from './fault-injector.ts';
import { addFaults } from './fault-settings.ts';

const SUCCESS: InvocationResult = { code: 'succeeded', payload: 'null', durationMs: 1 };
const FAILURE: InvocationResult = {
  code: 'failed',
  cause: 'handler',
  errorType: 'Error',
  errorMessage: '',
  stackTrace: [],
  durationMs: 1,
};
const WRITTEN: EngineReply = { status: 200, body: {} };

interface Invoked {
  readonly end: (result?: InvocationResult) => DeliveryEnd;
  readonly request: (operation?: string) => ProxiedRequest;
  kills: number;
}

/** Begins the delivery of a batch, in a process of its own. */
function deliver(
  injector: FaultInjector,
  number: number,
  changes: Partial<InvokeCommand> & { readonly mappingId?: string } = {},
): Invoked {
  const requestId = `request-${number}`;
  const { mappingId = 'Mapping', ...command } = changes;
  const end = injector.begin({
    functionId: 'Function',
    mappingId,
    requestId,
    command: {
      type: 'invoke',
      invocationId: number,
      shardId: 'shard',
      lane: 0,
      payload: '{}',
      payloadBytes: 2,
      recordCount: 3,
      startSequenceNumber: '1',
      endSequenceNumber: '3',
      retryAttempt: 0,
      isRedelivery: false,
      ...command,
    },
  });
  const invoked: Invoked = {
    kills: 0,
    end: (result = SUCCESS) => end(result),
    request: (operation = 'PutItem') => ({ client: `process-${number}`, operation, body: {} }),
  };
  const crash = (): void => {
    invoked.kills += 1;
  };
  injector.dispatched({ processKey: `process-${number}`, crash }, requestId);
  return invoked;
}

function inject(faults: string): FaultInjector {
  return createFaultInjector(addFaults(`seed=1,${faults}`), { now: () => 5 });
}

const after = (injector: FaultInjector, request: ProxiedRequest, reply = WRITTEN) =>
  injector.plan.afterEngine?.(request, reply) as FaultDecision;
const before = (injector: FaultInjector, request: ProxiedRequest) =>
  injector.plan.beforeEngine?.(request) as FaultDecision;

describe('createFaultInjector', () => {
  it('kills the process after a write that the engine has made, once, and lists it', () => {
    const injector = inject('kill-after-commit=1');
    const invoked = deliver(injector, 1);
    expect(after(injector, invoked.request('GetItem'))).toBe('pass');
    expect(after(injector, invoked.request(), { status: 400, body: {} })).toBe('pass');
    const decisions = Array.from({ length: 20 }, () => after(injector, invoked.request()));
    expect(decisions).toContain('drop');
    expect(invoked.kills).toBe(1);
    invoked.end(FAILURE);
    expect(injector.injected()).toEqual({
      seed: 1,
      counts: { 'kill-after-commit': 1 },
      faults: [
        {
          kind: 'kill-after-commit',
          at: 5,
          functionId: 'Function',
          mappingId: 'Mapping',
          operation: 'PutItem',
          batch: {
            shardId: 'shard',
            firstSequenceNumber: '1',
            lastSequenceNumber: '3',
            records: 3,
            attempt: 1,
          },
        },
      ],
    });
  });

  it('kills the process of a function that writes elsewhere when it has answered, and reports a failure to the mapping', () => {
    const injector = inject('kill-after-commit=1');
    const invoked = deliver(injector, 1);
    expect(invoked.end().result).toMatchObject({ code: 'failed', cause: 'exit' });
    expect(invoked.kills).toBe(1);
    expect(injector.injected().counts).toEqual({ 'kill-after-commit': 1 });
  });

  it('loses replies to writes only, and refuses requests before they reach the engine', () => {
    const losing = inject('lost-reply=1');
    const invoked = deliver(losing, 1);
    expect(after(losing, invoked.request('Query'))).toBe('pass');
    expect(after(losing, invoked.request('TransactWriteItems'))).toBe('drop');
    expect(before(losing, invoked.request())).toBe('pass');
    const throttling = inject('throttle=1');
    const throttled = deliver(throttling, 1);
    expect(before(throttling, throttled.request('Query'))).toMatchObject({ status: 400 });
    expect(throttling.injected().faults[0]).toMatchObject({ kind: 'throttle', operation: 'Query' });
  });

  it('knows writes among statements', () => {
    const injector = inject('lost-reply=1');
    const { request } = deliver(injector, 1);
    const batch = (texts: string[], answers: object[]): FaultDecision =>
      after(
        injector,
        {
          ...request('BatchExecuteStatement'),
          body: { Statements: texts.map((Statement) => ({ Statement })) },
        },
        { status: 200, body: { Responses: answers } },
      );
    expect(batch(['SELECT * FROM "T"'], [{}])).toBe('pass');
    expect(batch(['UPDATE "T" SET a=1'], [{ Error: {} }])).toBe('pass');
    expect(batch(['UPDATE "T" SET a=1', 'INSERT INTO "T" VALUE {}'], [{ Error: {} }, {}])).toBe('drop');
  });

  it('leaves requests alone that belong to no batch', () => {
    const injector = inject('throttle=1,lost-reply=1');
    const invoked = deliver(injector, 1);
    invoked.end();
    expect(before(injector, invoked.request())).toBe('pass');
    expect(after(injector, invoked.request())).toBe('pass');
    expect(injector.injected().faults).toEqual([]);
  });

  it('redelivers a batch at once, in other groups, or late with its tokens aged', () => {
    expect(deliver(inject('redeliver=1'), 1).end()).toMatchObject({
      isRedelivered: true,
      isRegrouped: false,
    });
    expect(deliver(inject('regroup=1,redeliver=1'), 1).end()).toMatchObject({
      isRedelivered: false,
      isRegrouped: true,
    });
    const late = inject('late-retry=1');
    const { lateRetryAfterMs } = deliver(late, 1).end();
    expect(lateRetryAfterMs).toBeGreaterThanOrEqual(1_000);
    expect(late.injected().faults).toEqual([]);
    late.tokens.present('token');
    late.tokens.complete('token');
    expect(late.tokens.present('token')).toBe('token');
    deliver(late, 2, { isRedelivery: true });
    expect(late.injected().counts).toEqual({ 'late-retry': 1 });
    expect(late.tokens.present('token')).not.toBe('token');
  });

  it('redelivers no batch that has failed, was refused or is a redelivery itself', () => {
    const injector = inject('redeliver=1,late-retry=1');
    const untouched = { isRedelivered: false, isRegrouped: false, lateRetryAfterMs: undefined };
    expect(deliver(injector, 1).end(FAILURE)).toMatchObject(untouched);
    const reported = '{"batchItemFailures":[{"itemIdentifier":"2"}]}';
    expect(deliver(injector, 2).end({ ...SUCCESS, payload: reported })).toMatchObject(untouched);
    expect(deliver(injector, 3, { isRedelivery: true }).end()).toMatchObject(untouched);
    const regrouping = inject('regroup=1');
    expect(deliver(regrouping, 1).end({ ...FAILURE, cause: 'refused' })).toMatchObject(untouched);
    expect(deliver(regrouping, 2).end(FAILURE)).toMatchObject({ isRegrouped: true });
  });

  it('lists what a second poller delivers', () => {
    const injector = inject('two-pollers');
    deliver(injector, 1).end();
    deliver(injector, 2, { mappingId: 'Mapping-2' }).end();
    expect(injector.hasTwoPollers).toBe(true);
    expect(injector.injected().faults).toMatchObject([{ kind: 'two-pollers', mappingId: 'Mapping-2' }]);
  });

  it('draws the same for the same seed, as often as asked for', () => {
    const pattern = (seed: number): string => {
      const injector = createFaultInjector(addFaults(`seed=${seed},redeliver=0.3`));
      return Array.from({ length: 1_000 }, (_, number) =>
        deliver(injector, number).end().isRedelivered ? 'x' : '.',
      ).join('');
    };
    expect(pattern(1)).toBe(pattern(1));
    expect(pattern(1)).not.toBe(pattern(2));
    const injected = pattern(1).replaceAll('.', '').length;
    expect(injected).toBeGreaterThan(250);
    expect(injected).toBeLessThan(350);
  });
});
