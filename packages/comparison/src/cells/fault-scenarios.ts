import {
  type FaultDecision,
  internalServerError,
  throttlingException,
  transactionConflict,
} from '@oncefold/local-runtime';
import { CellFailureError } from './cell-failure-error.ts';
import type { CellRun, Slice } from './cell-run.ts';
import type { InstalledInterceptor } from './interceptor-plan.ts';

/** Brings one or more batches through, with a fault on the way. */
export interface FaultScenario {
  /** Batches that it takes. */
  readonly width: number;
  /** Pollers that it needs. */
  readonly pollers: number;
  /** @param batch - number of its first batch. */
  play(run: CellRun, batch: number): Promise<void>;
}

const COMMIT = 'TransactWriteItems';
const FIRST = 'poller-0';
const SECOND = 'poller-1';
const REJECTIONS_MAX = 2;

/** The batch succeeded and the poller did not learn it: it comes again at once. */
export const sameBatch: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    await run.deliverUntilThrough(run.batch(batch));
    await run.deliverUntilThrough(run.batch(batch));
    run.happened('redelivered', batch);
  },
};

/** The process is killed when its commit stands and it has not yet been told so. */
export const crash: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    const interceptor = run.plan.set({
      operation: COMMIT,
      skip: run.commitsBefore(batch),
      after: (request, reply) => {
        if (reply.status !== 200) {
          return undefined;
        }
        run.kill(request);
        return 'drop';
      },
    });
    await run.deliverUntilThrough(run.batch(batch));
    assertFired(interceptor, 'the function was not killed');
    run.happened('killed', batch);
  },
};

/** The reply to the commit is lost with its connection; the function lives and may send the commit again. */
export const replyLost: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    const interceptor = run.plan.set({
      operation: COMMIT,
      skip: run.commitsBefore(batch),
      after: (_, reply) => (reply.status === 200 ? 'drop' : undefined),
    });
    await run.deliverUntilThrough(run.batch(batch));
    assertFired(interceptor, 'no reply was dropped');
    run.happened('reply-dropped', batch);
  },
};

/** The batch comes again when DynamoDB has forgotten its token. */
export const tokenWindow: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    await run.deliverUntilThrough(run.batch(batch));
    const expired = run.proxy.tokens.expireAll();
    if (expired === 0) {
      throw new CellFailureError('fault-missing', 'there was no token that could expire');
    }
    run.happened('tokens-expired', batch, expired);
    await run.deliverUntilThrough(run.batch(batch));
    run.happened('redelivered', batch);
  },
};

/** The batch succeeded and is delivered again in two halves. */
export const split: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    const whole = run.batch(batch);
    await run.deliverUntilThrough(whole);
    for (const half of halvesOf(whole)) {
      await run.deliverUntilThrough(half);
    }
    run.happened('split', batch);
  },
};

/** The process is killed between two transactions of the batch, which is delivered again in two halves. */
export const splitAfterCrash: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    const whole = run.batch(batch);
    const interceptor = run.plan.set({
      operation: COMMIT,
      after: (request, reply) => {
        if (reply.status !== 200) {
          return undefined;
        }
        run.kill(request);
        return 'drop';
      },
    });
    await run.deliver(whole, run.turn());
    assertFired(interceptor, 'the function was not killed');
    for (const half of halvesOf(whole)) {
      await run.deliverUntilThrough(half);
    }
    run.happened('killed', batch);
    run.happened('split', batch);
  },
};

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

/** The batch comes again in one with newer records. */
export const merged: FaultScenario = {
  width: 2,
  pollers: 1,
  play: async (run, batch) => {
    await run.deliverUntilThrough(run.batch(batch));
    const both: Slice = { from: run.batch(batch).from, to: run.batch(batch + 1).to };
    await run.deliverUntilThrough(both);
    run.happened('merged', batch);
  },
};

/** Two pollers have the batch: the first one's commit reaches DynamoDB only when the second one is at work too. */
export const twoPollers: FaultScenario = {
  width: 1,
  pollers: 2,
  play: async (run, batch) => {
    await run.poller(1).warm();
    const secondEnded = Promise.withResolvers<void>();
    const atWork = run.plan.set({ client: SECOND, before: () => 'pass' });
    const commit = run.plan.set({
      client: FIRST,
      operation: COMMIT,
      before: async (): Promise<FaultDecision> => {
        await Promise.race([atWork.caught, secondEnded.promise]);
        return 'pass';
      },
    });
    const first = run.deliverUntilThrough(run.batch(batch), 0);
    await Promise.race([commit.caught, first]);
    const second = run.deliverUntilThrough(run.batch(batch), 1).finally(() => secondEnded.resolve());
    await allOf(first, second);
    assertFired(commit, 'the first poller sent no commit');
    assertFired(atWork, 'the second poller was not at work at the same time');
    run.happened('delivered-twice-at-once', batch);
  },
};

/**
 * The commit is on its way when its function is given up and killed; the batch is delivered again and gets through; then the
 * first commit arrives.
 */
export const zombie: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    const released = Promise.withResolvers<void>();
    const held = run.plan.set({
      operation: COMMIT,
      skip: run.commitsBefore(batch),
      before: async (request): Promise<FaultDecision> => {
        run.kill(request);
        await released.promise;
        return 'pass';
      },
      after: () => 'pass',
    });
    const result = await run.deliver(run.batch(batch), run.turn());
    if (result.code === 'succeeded') {
      throw new CellFailureError('fault-missing', 'no commit was held');
    }
    await run.deliverUntilThrough(run.batch(batch));
    released.resolve();
    await held.answered;
    run.happened('write-held-and-released', batch);
  },
};

/** DynamoDB turns requests away: too fast, in conflict, failed; none of them wrote anything. */
export const throttling: FaultScenario = {
  width: 1,
  pollers: 1,
  play: async (run, batch) => {
    const throttles = 1 + run.draw(`throttles:${batch}`, REJECTIONS_MAX);
    const conflicts = 1 + run.draw(`conflicts:${batch}`, REJECTIONS_MAX);
    const place = run.draw(`place:${batch}`, 100);
    const interceptors = [
      ...Array.from({ length: throttles }, () => run.plan.set({ before: () => throttlingException() })),
      ...Array.from({ length: conflicts }, () =>
        run.plan.set({
          operation: COMMIT,
          before: ({ body }) => {
            const actions = Math.max(1, (body['TransactItems'] as unknown[] | undefined)?.length ?? 1);
            return transactionConflict(actions, place % actions);
          },
        }),
      ),
      run.plan.set({ operation: COMMIT, before: () => internalServerError() }),
    ];
    await run.deliverUntilThrough(run.batch(batch));
    for (const interceptor of interceptors) {
      assertFired(interceptor, 'a request was not turned away');
    }
    run.happened('throttled', batch, throttles);
    run.happened('conflict', batch, conflicts);
    run.happened('server-error', batch);
  },
};

/**
 * Batches succeed and the poller does not learn it; a deploy changes the arithmetic; the same batches come again.
 *
 * @param width - how many batches, 1 or more
 */
export function changedArithmetic(width: number): FaultScenario {
  return {
    width,
    pollers: 1,
    play: async (run, first) => {
      const batches = Array.from({ length: width }, (_, at) => first + at);
      for (const batch of batches) {
        await run.deliverUntilThrough(run.batch(batch));
      }
      await run.deployChange();
      for (const batch of batches) {
        await run.deliverUntilThrough(run.batch(batch));
        run.happened('arithmetic-changed', batch);
      }
    },
  };
}

function assertFired(interceptor: InstalledInterceptor, message: string): void {
  if (!interceptor.hasFired) {
    throw new CellFailureError('fault-missing', message);
  }
}

/** Waits for both even if one fails, so that nothing goes on behind a cell that has ended. */
async function allOf(...works: Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}
