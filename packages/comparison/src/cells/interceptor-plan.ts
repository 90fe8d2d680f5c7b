import type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from '@oncefold/local-runtime';

/** Waits for one request and decides what becomes of it. */
export interface Interceptor {
  /** Any when absent. */
  readonly client?: string;
  /** Any when absent. */
  readonly operation?: string;
  /** So many requests that it is meant for pass before it; default 0. */
  readonly skip?: number;
  before?(request: ProxiedRequest): FaultDecision | Promise<FaultDecision>;
  /** Returns undefined to let the reply pass and wait for another request. */
  after?(request: ProxiedRequest, reply: EngineReply): FaultDecision | undefined;
}

/** A interceptor that was set. */
export interface InstalledInterceptor {
  /** Whether it has done what it was set for. */
  readonly hasFired: boolean;
  /** Resolves when a request is in it; never rejects. */
  readonly caught: Promise<void>;
  /** Resolves when the reply of the engine to its request is there; never rejects. */
  readonly answered: Promise<EngineReply>;
}

/** A plan of faults that is made of interceptors; each springs once. */
export interface InterceptorPlan extends FaultPlan {
  /** Sets a interceptor; of several for one request the one that was set first gets it. */
  set(interceptor: Interceptor): InstalledInterceptor;
}

/** Makes a plan that passes everything on until a interceptor is set. */
export function createInterceptorPlan(): InterceptorPlan {
  const waiting: { readonly interceptor: Interceptor; readonly state: InterceptorState; skipped: number }[] =
    [];
  const holding = new Map<ProxiedRequest, (typeof waiting)[number]>();

  return {
    set: (interceptor) => {
      const state = createState();
      waiting.push({ interceptor, state, skipped: 0 });
      return state;
    },
    beforeEngine: async (request) => {
      const entry = waiting.find(({ interceptor }) => matches(interceptor, request));
      if (entry === undefined) {
        return 'pass';
      }
      if (entry.skipped < (entry.interceptor.skip ?? 0)) {
        entry.skipped += 1;
        return 'pass';
      }
      waiting.splice(waiting.indexOf(entry), 1);
      holding.set(request, entry);
      entry.state.catch();
      const decision = (await entry.interceptor.before?.(request)) ?? 'pass';
      if (entry.interceptor.after === undefined) {
        entry.state.hasFired = true;
      }
      if (decision !== 'pass') {
        holding.delete(request);
      }
      return decision;
    },
    afterEngine: (request, reply) => {
      const entry = holding.get(request);
      holding.delete(request);
      if (entry === undefined) {
        return 'pass';
      }
      const decision = entry.interceptor.after?.(request, reply);
      if (entry.interceptor.after !== undefined && decision === undefined) {
        waiting.unshift(entry);
        return 'pass';
      }
      entry.state.hasFired = true;
      entry.state.answer(reply);
      return decision ?? 'pass';
    },
  };
}

interface InterceptorState extends InstalledInterceptor {
  hasFired: boolean;
  catch(): void;
  answer(reply: EngineReply): void;
}

function createState(): InterceptorState {
  const caught = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<EngineReply>();
  return {
    hasFired: false,
    caught: caught.promise,
    answered: answered.promise,
    catch: () => caught.resolve(),
    answer: (reply) => answered.resolve(reply),
  };
}

function matches(interceptor: Interceptor, request: ProxiedRequest): boolean {
  return (
    (interceptor.client === undefined || interceptor.client === request.client) &&
    (interceptor.operation === undefined || interceptor.operation === request.operation)
  );
}
