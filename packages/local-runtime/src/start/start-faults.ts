import type { ApplicationFaults } from '../application/running-application.ts';
import type { RuntimeEvent } from '../application/runtime-event.ts';
import { createFaultInjector } from '../fault-injection/fault-injector.ts';
import type { FaultSettings } from '../fault-injection/fault-settings.ts';
import type { InjectedFaults } from '../fault-injection/injected-fault.ts';
import { startFaultProxy } from '../fault-proxy/fault-proxy.ts';
import { FaultProxyError } from '../fault-proxy/fault-proxy-error.ts';
import type { Cleanup } from './cleanup.ts';

/** Faults that are being injected. */
export interface RunningFaults {
  readonly seed: number;
  readonly application: ApplicationFaults;
  /**
   * What was injected so far.
   *
   * @throws {@link FaultProxyError} when the proxy that injects faults cannot do its work
   */
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
    readonly cleanup: Pick<Cleanup, 'add'>;
    readonly onEvent: (event: RuntimeEvent) => void;
  },
): Promise<RunningFaults> {
  const injector = createFaultInjector(settings, {
    onFault: (fault) => context.onEvent({ type: 'fault-injected', ...fault }),
  });
  const { plan, tokens } = injector;
  const proxy = await startFaultProxy({ engine: context.dynamodb, plan, tokens, isMetered: false });
  context.cleanup.add(() => proxy.close());
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
      throw new FaultProxyError(`the proxy that injects faults has failed: ${failure.message}`, {
        code: failure.code,
        cause: failure,
      });
    },
  };
}
