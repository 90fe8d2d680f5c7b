import type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from '@oncefold/local-runtime';

/** Decides what happens to one request: the first that matches, after those that are skipped. */
export interface Interceptor {
  /** Any when absent. */
  readonly client?: string;
  /** Any when absent. */
  readonly operation?: string;
  /** How many matching requests pass first; default 0. */
  readonly skip?: number;
  before?(request: ProxiedRequest): FaultDecision | Promise<FaultDecision>;
  /** Returns undefined to let the reply pass and wait for another request. */
  after?(request: ProxiedRequest, reply: EngineReply): FaultDecision | undefined;
}

/** An interceptor of a plan. The promises never reject. */
export interface InstalledInterceptor {
  /** Whether it has made its last decision. */
  readonly hasFired: boolean;
  /** Resolves when it intercepts a request. */
  readonly intercepted: Promise<void>;
  /** Resolves when the engine has answered that request. */
  readonly answered: Promise<EngineReply>;
}

export interface InterceptorPlan extends FaultPlan {
  /** Installs an interceptor; a request that several match goes to the one that was installed first. */
  install(interceptor: Interceptor): InstalledInterceptor;
}

interface Entry extends InstalledInterceptor {
  readonly interceptor: Interceptor;
  skipped: number;
  hasFired: boolean;
  onRequest(): void;
  onReply(reply: EngineReply): void;
}

/** Makes a plan that passes everything until an interceptor is installed. */
export function createInterceptorPlan(): InterceptorPlan {
  const waiting: Entry[] = [];
  const intercepted = new Map<ProxiedRequest, Entry>();

  return {
    install: (interceptor) => {
      const request = Promise.withResolvers<void>();
      const reply = Promise.withResolvers<EngineReply>();
      const entry: Entry = {
        interceptor,
        skipped: 0,
        hasFired: false,
        intercepted: request.promise,
        answered: reply.promise,
        onRequest: request.resolve,
        onReply: reply.resolve,
      };
      waiting.push(entry);
      return entry;
    },
    beforeEngine: async (request) => {
      const entry = waiting.find(({ interceptor }) => matches(interceptor, request));
      if (entry === undefined) {
        return 'pass';
      }
      const { interceptor } = entry;
      if (entry.skipped < (interceptor.skip ?? 0)) {
        entry.skipped += 1;
        return 'pass';
      }
      waiting.splice(waiting.indexOf(entry), 1);
      intercepted.set(request, entry);
      entry.onRequest();
      const decision = (await interceptor.before?.(request)) ?? 'pass';
      if (interceptor.after === undefined) {
        entry.hasFired = true;
      }
      if (decision !== 'pass') {
        intercepted.delete(request);
      }
      return decision;
    },
    afterEngine: (request, reply) => {
      const entry = intercepted.get(request);
      intercepted.delete(request);
      if (entry === undefined) {
        return 'pass';
      }
      const { interceptor } = entry;
      const decision = interceptor.after?.(request, reply);
      if (interceptor.after !== undefined && decision === undefined) {
        waiting.unshift(entry);
        return 'pass';
      }
      entry.hasFired = true;
      entry.onReply(reply);
      return decision ?? 'pass';
    },
  };
}

function matches({ client, operation }: Interceptor, request: ProxiedRequest): boolean {
  return (
    (client === undefined || client === request.client) &&
    (operation === undefined || operation === request.operation)
  );
}
