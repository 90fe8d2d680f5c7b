import type { Item, ItemKey } from '@oncefold/commit';
import type { ProgramEnvironment, SimulatedBucket, SimulatedClock } from './application.ts';
import { invocationCall } from './lambda/invoke.ts';
import type { SimulatedFunction } from './lambda/lambda.ts';
import type { Sandbox, SandboxControl } from './lambda/sandbox.ts';
import { createClient } from './network/client.ts';
import type { Network } from './network/network.ts';
import { sendWithRetries } from './network/send-with-retries.ts';
import type { Draw } from './random/draw.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import type { Bucket } from './store/bucket.ts';
import type { SimulatedStore } from './store/create-store.ts';
import { readRequest } from './store/reads.ts';
import type { StoreRequest } from './store/store.ts';
import { transactionRequest } from './store/transactions.ts';

/** What requests are aborted with. One for all, because most signals abort when nobody waits for them any more. */
const abortReason: Error = Object.assign(new Error('The time of the request is over.'), {
  name: 'AbortError',
});

/** How long the SDK waits for one answer, in milliseconds; for an invocation longer than any takes. */
const REQUEST_TIMEOUT_MS = 5_000;
const INVOCATION_TIMEOUT_MS = 905_000;
/** Sends that it makes of a read, or of a request to a bucket. */
const ATTEMPTS_MAX = 3;
/** Keys of one read: the adapter for the SDK has 100, which only takes longer. */
const READ_KEYS_MAX = 500;

/** What is around all sandboxes of a history. */
export interface EnvironmentOptions {
  readonly scheduler: Scheduler;
  readonly store: SimulatedStore;
  readonly network: Network;
  readonly failedBatches: Bucket;
  readonly functionOf: (name: string) => SimulatedFunction;
  /** What was met, by name. */
  readonly met: Set<string>;
}

/** What a sandbox finds around itself, whether a function runs in it or a program. */
export function environmentFactory(
  options: EnvironmentOptions,
): (draw: Draw) => (sandbox: SandboxControl) => ProgramEnvironment {
  const { scheduler, store, network, failedBatches, functionOf, met } = options;
  let names = 0;
  return (draw) => (sandbox) => {
    const clock = createClock(draw.fork(sandbox.id), sandbox, scheduler);
    const send = <Answer>(request: StoreRequest<Answer>): Promise<Answer> =>
      sendWithRetries(() => network.send(sandbox, request, REQUEST_TIMEOUT_MS), {
        clock,
        attemptsMax: ATTEMPTS_MAX,
      });
    return {
      clock,
      transactions: {
        transact: (request) => network.send(sandbox, transactionRequest(store, request), request.timeoutMs),
      },
      reader: { read: (keys) => readPages(keys, (page) => send(readRequest(store, page))) },
      failedBatches: bucketClient(failedBatches, send),
      invoke: (functionName, payload) =>
        network.call(
          sandbox,
          invocationCall(functionOf(functionName), { functionName, payload, caller: sandbox.id }),
          INVOCATION_TIMEOUT_MS,
        ),
      createClient: (attemptsMax) => createClient({ network, store, sandbox, scheduler, clock, attemptsMax }),
      newName: () => {
        names += 1;
        return `name-${names}`;
      },
      version: sandbox.version,
      report: (name) => void met.add(name),
    };
  };
}

function createClock(random: Draw, sandbox: Sandbox, scheduler: Scheduler): SimulatedClock {
  return {
    now: () => scheduler.now(),
    random: () => random.fraction(),
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        scheduler.after(milliseconds, () =>
          sandbox.deliver(() => {
            scheduler.resume();
            resolve();
          }),
        );
      }),
    abortAfter: (milliseconds) => {
      const controller = new AbortController();
      const abort = (): void => controller.abort(abortReason);
      if (milliseconds <= 0) {
        abort();
      } else {
        // Nobody may wait for it any more by then.
        scheduler.afterInBackground(milliseconds, () =>
          sandbox.deliver(() => {
            scheduler.resume();
            abort();
          }),
        );
      }
      return controller.signal;
    },
  };
}

async function readPages(
  keys: readonly ItemKey[],
  readPage: (page: readonly ItemKey[]) => Promise<readonly (Item | undefined)[]>,
): Promise<readonly (Item | undefined)[]> {
  const items: (Item | undefined)[] = [];
  for (let start = 0; start < keys.length; start += READ_KEYS_MAX) {
    items.push(...(await readPage(keys.slice(start, start + READ_KEYS_MAX))));
  }
  return items;
}

function bucketClient(
  { requests }: Bucket,
  send: <Answer>(request: StoreRequest<Answer>) => Promise<Answer>,
): SimulatedBucket {
  return {
    async *list(prefix) {
      yield* await send(requests.list(prefix));
    },
    read: (key) => send(requests.read(key)),
    write: (key, text) => send(requests.write(key, text)),
    delete: (key) => send(requests.delete(key)),
  };
}
