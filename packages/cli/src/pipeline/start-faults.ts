import type { ApplicationFaults, FaultSettings, InjectedFaults, RuntimeEvent } from '@oncefold/local-runtime';
import { createFaultInjector, startFaultProxy } from '@oncefold/local-runtime';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import type { Lifetime } from '../command-line/lifetime.ts';

/** Faults that are being injected. */
export interface RunningFaults {
  readonly seed: number;
  readonly application: ApplicationFaults;
  /** What was injected so far. */
  injected(): InjectedFaults;
}

/**
 * Begins to inject faults: the functions' requests to DynamoDB go through a proxy, each process with an address of its
 * own, so that a fault hits the invocation that it is meant for.
 */
export async function startFaults(
  settings: FaultSettings,
  context: {
    readonly dynamodb: string;
    readonly lifetime: Lifetime;
    readonly onEvent: (event: RuntimeEvent) => void;
  },
): Promise<RunningFaults> {
  const injector = createFaultInjector(settings, {
    onFault: (fault) => context.onEvent({ type: 'fault-injected', ...fault }),
  });
  const { plan, tokens } = injector;
  const proxy = await startFaultProxy({ engine: context.dynamodb, plan, tokens, isMetered: false });
  context.lifetime.onEnd(() => proxy.close());
  return {
    seed: injector.seed,
    application: {
      hasTwoPollers: injector.hasTwoPollers,
      hasLateRetries: injector.hasLateRetries,
      begin: (delivery) => injector.begin(delivery),
      dispatched: (process, requestId) => injector.dispatched(process, requestId),
      processEnvironment: (processKey) => ({ AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint(processKey) }),
    },
    injected() {
      const { failure } = proxy;
      if (failure === undefined) {
        return injector.injected();
      }
      throw new CouldNotRunError(`the proxy that injects faults has failed: ${failure.message}`, {
        cause: failure,
      });
    },
  };
}
