import type { EngineReply, FaultDecision, FaultPlan, ProxiedRequest } from '@oncefold/local-runtime';

/** Waits for one request and decides what becomes of it. */
export interface Trap {
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

/** A trap that was set. */
export interface SetTrap {
  /** Whether it has done what it was set for. */
  readonly isSprung: boolean;
  /** Resolves when a request is in it; never rejects. */
  readonly caught: Promise<void>;
  /** Resolves when the reply of the engine to its request is there; never rejects. */
  readonly answered: Promise<EngineReply>;
}

/** A plan of faults that is made of traps; each springs once. */
export interface TrapPlan extends FaultPlan {
  /** Sets a trap; of several for one request the one that was set first gets it. */
  set(trap: Trap): SetTrap;
}

/** Makes a plan that passes everything on until a trap is set. */
export function createTrapPlan(): TrapPlan {
  const waiting: { readonly trap: Trap; readonly state: TrapState; skipped: number }[] = [];
  const holding = new Map<ProxiedRequest, (typeof waiting)[number]>();

  return {
    set: (trap) => {
      const state = createState();
      waiting.push({ trap, state, skipped: 0 });
      return state;
    },
    beforeEngine: async (request) => {
      const entry = waiting.find(({ trap }) => matches(trap, request));
      if (entry === undefined) {
        return 'pass';
      }
      if (entry.skipped < (entry.trap.skip ?? 0)) {
        entry.skipped += 1;
        return 'pass';
      }
      waiting.splice(waiting.indexOf(entry), 1);
      holding.set(request, entry);
      entry.state.catch();
      const decision = (await entry.trap.before?.(request)) ?? 'pass';
      if (entry.trap.after === undefined) {
        entry.state.isSprung = true;
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
      const decision = entry.trap.after?.(request, reply);
      if (entry.trap.after !== undefined && decision === undefined) {
        waiting.unshift(entry);
        return 'pass';
      }
      entry.state.isSprung = true;
      entry.state.answer(reply);
      return decision ?? 'pass';
    },
  };
}

interface TrapState extends SetTrap {
  isSprung: boolean;
  catch(): void;
  answer(reply: EngineReply): void;
}

function createState(): TrapState {
  const caught = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<EngineReply>();
  return {
    isSprung: false,
    caught: caught.promise,
    answered: answered.promise,
    catch: () => caught.resolve(),
    answer: (reply) => answered.resolve(reply),
  };
}

function matches(trap: Trap, request: ProxiedRequest): boolean {
  return (
    (trap.client === undefined || trap.client === request.client) &&
    (trap.operation === undefined || trap.operation === request.operation)
  );
}
