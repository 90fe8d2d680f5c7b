import type { FaultKind } from '../faults/fault-kinds.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { EventBody } from '../history/history.ts';
import type { Sandbox } from '../lambda/sandbox.ts';
import type { Draw } from '../random/draw.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { StoreRequest } from '../store/store.ts';

/** Longest time that a request is on its way without a fault, in milliseconds, there or back. */
const LATENCY_MS_MAX = 12;
/** How late a request may land that its client has given up: past the 10 minutes for which a token holds. */
const LATE_MS_MAX = 15 * 60 * 1000;
/** Longest time that a slow transaction takes. */
const SLOW_MS_MAX = 4_000;

/** What the network works with. */
export interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly draw: Draw;
  readonly record: (event: EventBody) => void;
  /** Whether to record what no client can see, for a timeline. */
  readonly isDetailed: boolean;
  readonly onFault: (kind: FaultKind, target: string) => void;
}

/** What goes between sandboxes and DynamoDB, with everything that can go wrong there. */
export interface Network {
  /** Sends a request from a sandbox; rejects with what the client would throw. */
  send<Answer>(sandbox: Sandbox, request: StoreRequest<Answer>, timeoutMs: number): Promise<Answer>;
}

/** The answer, or what is thrown in its place. */
type Reply<Answer> =
  | { readonly code: 'answer'; readonly answer: Answer }
  | { readonly code: 'thrown'; readonly error: unknown };

/** Faults that decide over a request's way; at most one of them strikes one request. */
const WAY_FAULTS = [
  'crash-before-request',
  'crash-after-request',
  'request-lost',
  'reply-lost',
  'lands-late',
  'lands-twice',
  'throttled',
  'conflict',
  'server-error',
  'server-error-after-commit',
  'unreadable-answer',
  'stall',
] as const satisfies readonly FaultKind[];

/** Makes the network of one history. */
export function createNetwork(options: NetworkOptions): Network {
  let requests = 0;
  return {
    send: (sandbox, request, timeoutMs) => {
      requests += 1;
      return new Promise((resolve, reject) => {
        startRequest(
          {
            ...options,
            number: requests,
            sandbox,
            request,
            timeoutMs,
            draw: options.draw.fork('request', requests),
          },
          (reply) => (reply.code === 'answer' ? resolve(reply.answer) : reject(reply.error)),
        );
      });
    },
  };
}

interface Journey<Answer> extends NetworkOptions {
  readonly number: number;
  readonly sandbox: Sandbox;
  readonly request: StoreRequest<Answer>;
  readonly timeoutMs: number;
}

function startRequest<Answer>(journey: Journey<Answer>, settle: (reply: Reply<Answer>) => void): void {
  const { number, sandbox, request, scheduler, record, timeoutMs, draw } = journey;
  const struck = firstStrike(journey);
  record({
    type: 'request-sent',
    request: number,
    sandbox: sandbox.id,
    summary: request.summary,
    items: request.items,
  });
  let isSettled = false;
  const reply = (delayMs: number, answer: () => Reply<Answer>): void => {
    scheduler.after(delayMs, () => {
      sandbox.deliver(() => {
        if (isSettled) {
          return;
        }
        isSettled = true;
        const received = answer();
        record({ type: 'reply-received', request: number, outcome: outcomeOf(received) });
        scheduler.resume();
        settle(received);
      });
    });
  };
  const giveUp = (): void => reply(timeoutMs, () => attempt(request.failures.timeout));
  const latency = (): number => draw.fraction() * LATENCY_MS_MAX;
  const land = (delayMs: number, then: (landed: Reply<Answer>) => void): void =>
    landAfter(journey, delayMs, then);
  const landAndReply = (): void => {
    const sentAt = scheduler.now();
    // The client's own limit is met only by what is slow.
    land(latency(), (landed) => {
      const backMs = latency();
      const isTooLate = scheduler.now() + backMs - sentAt > timeoutMs;
      reply(isTooLate ? 0 : backMs, () => (isTooLate ? attempt(request.failures.timeout) : landed));
    });
  };
  const refuse = (failure: () => Answer): void => reply(2 * latency(), () => attempt(failure));

  switch (struck?.kind) {
    case undefined:
      return landAndReply();
    case 'crash-before-request':
      return sandbox.crash();
    case 'crash-after-request':
      land(latency(), () => {});
      return sandbox.crash();
    case 'stall':
      landAndReply();
      return sandbox.stall(struck.draw.fraction() * 2);
    case 'request-lost':
      return giveUp();
    case 'reply-lost':
      land(latency(), () => {});
      return giveUp();
    case 'lands-late':
      land(timeoutMs + struck.draw.fraction() ** 3 * LATE_MS_MAX, () => {});
      return giveUp();
    case 'lands-twice':
      landAndReply();
      return land(latency() + struck.draw.fraction() ** 3 * LATE_MS_MAX, () => {});
    case 'throttled':
      return refuse(request.failures.throttled);
    case 'conflict':
      return refuse(request.failures.conflict);
    case 'server-error':
      return refuse(request.failures.serverError);
    case 'server-error-after-commit':
      return land(latency(), () => reply(latency(), () => attempt(request.failures.serverError)));
    case 'unreadable-answer':
      return land(latency(), () => reply(latency(), () => attempt(request.failures.unreadable)));
  }
}

function firstStrike<Answer>({
  faults,
  onFault,
  number,
}: Journey<Answer>): { readonly kind: (typeof WAY_FAULTS)[number]; readonly draw: Draw } | undefined {
  for (const kind of WAY_FAULTS) {
    const draw = faults.strikes(kind);
    if (draw !== undefined) {
      onFault(kind, `request ${number}`);
      return { kind, draw };
    }
  }
  return undefined;
}

/** Lets a request reach the store, which may take a while over it. */
function landAfter<Answer>(
  journey: Journey<Answer>,
  delayMs: number,
  then: (landed: Reply<Answer>) => void,
): void {
  const { scheduler, request, faults, onFault, number, record, isDetailed } = journey;
  scheduler.after(delayMs, () => {
    const inPart = request.members > 1 ? faults.strikes('throttled-in-part') : undefined;
    if (inPart !== undefined) {
      onFault('throttled-in-part', `request ${number}`);
    }
    const slow = faults.strikes('slow-transaction');
    if (slow !== undefined) {
      onFault('slow-transaction', `request ${number}`);
    }
    const execution = request.begin(inPart && ((index) => inPart.fork('member', index).chance(0.5)));
    const finish = (): void => {
      const landed = attempt(() => execution.finish());
      if (isDetailed) {
        record({ type: 'request-landed', request: number, outcome: outcomeOf(landed) });
      }
      then(landed);
    };
    if (slow === undefined) {
      finish();
    } else {
      scheduler.after(slow.fraction() * SLOW_MS_MAX, finish);
    }
  });
}

function attempt<Answer>(answer: () => Answer): Reply<Answer> {
  try {
    return { code: 'answer', answer: answer() };
  } catch (error) {
    return { code: 'thrown', error };
  }
}

function outcomeOf(reply: Reply<unknown>): string {
  if (reply.code === 'thrown') {
    return reply.error instanceof Error ? reply.error.name : 'error';
  }
  const { answer } = reply;
  const code =
    typeof answer === 'object' && answer !== null && 'code' in answer ? String(answer.code) : 'answered';
  const isReplayed = typeof answer === 'object' && answer !== null && 'replayed' in answer && answer.replayed;
  return isReplayed === true ? `${code} (replayed)` : code;
}

