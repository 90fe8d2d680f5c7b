import {
  type FaultDecision,
  internalServerError,
  throttlingException,
  transactionConflict,
} from '@oncefold/local-runtime';
import { CellFailureError } from '../stage/cell-failure-error.ts';
import type { Slice } from '../stage-input/stage-input.ts';
import type { CellRun } from './cell-run.ts';
import type { InstalledInterceptor } from './interceptor-plan.ts';

/** Delivers one or more batches until they succeed, and injects a fault on the way. */
export interface FaultScenario {
  readonly batchCount: number;
  readonly pollerCount: number;
  play(run: CellRun, batch: number): Promise<void>;
}

const COMMIT = 'TransactWriteItems';
const FIRST = 'poller-0';
const SECOND = 'poller-1';
const REJECTIONS_MAX = 2;

/** The batch succeeds, the poller does not learn of it, and the batch is redelivered at once. */
export const sameBatch: FaultScenario = onOneBatch(async (run, batch) => {
  await run.deliverUntilSuccess(run.batch(batch));
  await run.deliverUntilSuccess(run.batch(batch));
  run.recordFault('redelivered', batch);
});

/** The process is killed after its commit, before it receives the reply. */
export const crash: FaultScenario = onOneBatch(async (run, batch) => {
  const kill = killAfterCommit(run, run.commitsBeforeFault(batch));
  await run.deliverUntilSuccess(run.batch(batch));
  assertFired(kill, 'the function was not killed');
  run.recordFault('killed', batch);
});

/** The reply to the commit is lost with its connection; the function keeps running and may send the commit again. */
export const replyLost: FaultScenario = onOneBatch(async (run, batch) => {
  const drop = run.plan.install({
    operation: COMMIT,
    skip: run.commitsBeforeFault(batch),
    after: (_, reply) => (reply.status === 200 ? 'drop' : undefined),
  });
  await run.deliverUntilSuccess(run.batch(batch));
  assertFired(drop, 'no reply was dropped');
  run.recordFault('reply-dropped', batch);
});

/** The batch is redelivered after DynamoDB has forgotten its token. */
export const tokenWindow: FaultScenario = onOneBatch(async (run, batch) => {
  await run.deliverUntilSuccess(run.batch(batch));
  const expired = run.sandbox.proxy.tokens.expireAll();
  if (expired === 0) {
    throw new CellFailureError('fault-missing', 'there was no token that could expire');
  }
  run.recordFault('tokens-expired', batch, expired);
  await run.deliverUntilSuccess(run.batch(batch));
  run.recordFault('redelivered', batch);
});

/** The batch succeeds and is redelivered in two halves. */
export const split: FaultScenario = onOneBatch(async (run, batch) => {
  const whole = run.batch(batch);
  await run.deliverUntilSuccess(whole);
  for (const half of halvesOf(whole)) {
    await run.deliverUntilSuccess(half);
  }
  run.recordFault('split', batch);
});

/** The process is killed between two transactions of the batch, which is redelivered in two halves. */
export const splitAfterCrash: FaultScenario = onOneBatch(async (run, batch) => {
  const whole = run.batch(batch);
  const kill = killAfterCommit(run, 0);
  await run.deliver(whole, run.nextPoller());
  assertFired(kill, 'the function was not killed');
  for (const half of halvesOf(whole)) {
    await run.deliverUntilSuccess(half);
  }
  run.recordFault('killed', batch);
  run.recordFault('split', batch);
});

/** The batch succeeds and is redelivered together with newer records. */
export const merged: FaultScenario = {
  batchCount: 2,
  pollerCount: 1,
  play: async (run, batch) => {
    await run.deliverUntilSuccess(run.batch(batch));
    await run.deliverUntilSuccess({ from: run.batch(batch).from, to: run.batch(batch + 1).to });
    run.recordFault('merged', batch);
  },
};

/** Two pollers have the batch: the commit of the first reaches DynamoDB only after the second has started to work. */
export const twoPollers: FaultScenario = {
  batchCount: 1,
  pollerCount: 2,
  play: async (run, batch) => {
    await run.warm(1);
    const secondEnded = Promise.withResolvers<void>();
    const secondStarted = run.plan.install({ client: SECOND, before: () => 'pass' });
    const commit = run.plan.install({
      client: FIRST,
      operation: COMMIT,
      before: async (): Promise<FaultDecision> => {
        await Promise.race([secondStarted.intercepted, secondEnded.promise]);
        return 'pass';
      },
    });
    const first = run.deliverUntilSuccess(run.batch(batch), 0);
    await Promise.race([commit.intercepted, first]);
    const second = run.deliverUntilSuccess(run.batch(batch), 1).finally(() => secondEnded.resolve());
    // Both end even if one fails, so that nothing runs on after the cell.
    await Promise.allSettled([first, second]);
    await Promise.all([first, second]);
    assertFired(commit, 'the first poller sent no commit');
    assertFired(secondStarted, 'the second poller did not work at the same time');
    run.recordFault('delivered-twice-at-once', batch);
  },
};

/** A commit is held and its function is killed; the batch is redelivered and succeeds; then the held commit arrives. */
export const zombie: FaultScenario = onOneBatch(async (run, batch) => {
  const released = Promise.withResolvers<void>();
  const held = run.plan.install({
    operation: COMMIT,
    skip: run.commitsBeforeFault(batch),
    before: async (request): Promise<FaultDecision> => {
      run.kill(request);
      await released.promise;
      return 'pass';
    },
    after: () => 'pass',
  });
  const result = await run.deliver(run.batch(batch), run.nextPoller());
  if (result.code === 'succeeded') {
    throw new CellFailureError('fault-missing', 'no commit was held');
  }
  await run.deliverUntilSuccess(run.batch(batch));
  released.resolve();
  await held.answered;
  run.recordFault('write-held-and-released', batch);
});

/** DynamoDB rejects requests without writing anything: throttled, in conflict, failed. */
export const throttling: FaultScenario = onOneBatch(async (run, batch) => {
  const throttles = 1 + run.draw(`throttles:${batch}`, REJECTIONS_MAX);
  const conflicts = 1 + run.draw(`conflicts:${batch}`, REJECTIONS_MAX);
  const place = run.draw(`place:${batch}`, 100);
  const rejections = [
    ...Array.from({ length: throttles }, () => run.plan.install({ before: () => throttlingException() })),
    ...Array.from({ length: conflicts }, () =>
      run.plan.install({
        operation: COMMIT,
        before: ({ body }) => {
          const actions = Math.max(1, (body['TransactItems'] as unknown[] | undefined)?.length ?? 1);
          return transactionConflict(actions, place % actions);
        },
      }),
    ),
    run.plan.install({ operation: COMMIT, before: () => internalServerError() }),
  ];
  await run.deliverUntilSuccess(run.batch(batch));
  for (const rejection of rejections) {
    assertFired(rejection, 'a request was not rejected');
  }
  run.recordFault('throttled', batch, throttles);
  run.recordFault('conflict', batch, conflicts);
  run.recordFault('server-error', batch);
});

/**
 * Batches succeed, the poller does not learn of it, a deployment changes the arithmetic, and the batches are redelivered.
 *
 * @param batchCount - 1 or more
 */
export function changedArithmetic(batchCount: number): FaultScenario {
  return {
    batchCount,
    pollerCount: 1,
    play: async (run, first) => {
      const batches = Array.from({ length: batchCount }, (_, at) => first + at);
      for (const batch of batches) {
        await run.deliverUntilSuccess(run.batch(batch));
      }
      await run.deployChangedArithmetic();
      for (const batch of batches) {
        await run.deliverUntilSuccess(run.batch(batch));
        run.recordFault('arithmetic-changed', batch);
      }
    },
  };
}

function onOneBatch(play: FaultScenario['play']): FaultScenario {
  return { batchCount: 1, pollerCount: 1, play };
}

function killAfterCommit(run: CellRun, skip: number): InstalledInterceptor {
  return run.plan.install({
    operation: COMMIT,
    skip,
    after: (request, reply) => {
      if (reply.status !== 200) {
        return undefined;
      }
      run.kill(request);
      return 'drop';
    },
  });
}

/** The first half is the smaller one, so that it ends where no transaction of the whole has ended. */
function halvesOf({ from, to }: Slice): readonly Slice[] {
  const middle = from + Math.floor((to - from) / 2);
  if (middle === from) {
    throw new CellFailureError('fault-missing', 'a batch of one record has no halves');
  }
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

function assertFired(interceptor: InstalledInterceptor, message: string): void {
  if (!interceptor.hasFired) {
    throw new CellFailureError('fault-missing', message);
  }
}
