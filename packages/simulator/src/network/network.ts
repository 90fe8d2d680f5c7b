import type { FaultKind } from '../faults/fault-kinds.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { EventBody } from '../history/history.ts';
import type { Sandbox } from '../lambda/sandbox.ts';
import type { Draw } from '../random/draw.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { SimulatedStoreError } from '../store/simulated-store-error.ts';
import type { StoreRequest } from '../store/store.ts';

/** Longest time that a request is on its way without a fault, in milliseconds, there or back. */
const LATENCY_MS_MAX = 30;
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

/** A request that is answered when whoever got it is done with it. */
export interface NetworkCall<Answer> {
  readonly summary: string;
  /** Begins it; calls back with what it is answered by, which may throw what a client would throw. */
  readonly begin: (done: (answer: () => Answer) => void) => void;
  readonly failures: StoreRequest<Answer>['failures'];
}

/** What goes between sandboxes and services, with everything that can go wrong there. */
export interface Network {
  /** Sends a request from a sandbox to the store; rejects with what the client would throw. */
  send<Answer>(sandbox: Sandbox, request: StoreRequest<Answer>, timeoutMs: number): Promise<Answer>;
  /** Sends what takes its own time; rejects with what the client would throw. */
  call<Answer>(sandbox: Sandbox, call: NetworkCall<Answer>, timeoutMs: number): Promise<Answer>;
}

/** The answer, or what is thrown in its place. */
type Reply<Answer> =
  | { readonly code: 'answer'; readonly answer: Answer }
  | { readonly code: 'thrown'; readonly error: unknown };

/** Faults that decide over a request's way. */
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

/** What happens to a request on its way; at most one of these strikes one request. */
type WayFault = (typeof WAY_FAULTS)[number];

/** Makes the network of one history. */
export function createNetwork(options: NetworkOptions): Network {
  let requests = 0;
  const start = <Answer>(sent: Omit<Sent<Answer>, 'number'>): Promise<Answer> => {
    requests += 1;
    const number = requests;
    return new Promise((resolve, reject) => {
      const journey = new Journey(options, { number, ...sent }, (reply) =>
        reply.code === 'answer' ? resolve(reply.answer) : reject(reply.error),
      );
      journey.start();
    });
  };
  return {
    send: (sandbox, request, timeoutMs) =>
      start({
        sandbox,
        request,
        timeoutMs,
        arrive: (strikes, done) => execute(request, { strikes, done, scheduler: options.scheduler }),
      }),
    call: (sandbox, call, timeoutMs) =>
      start({
        sandbox,
        request: { ...call, items: [] },
        timeoutMs,
        arrive: (_, done) => call.begin((answer) => done(attempt(answer))),
      }),
  };
}

type Strikes = (kind: FaultKind) => Draw | undefined;
type Done<Answer> = (landed: Reply<Answer>) => void;

interface Sent<Answer> {
  readonly number: number;
  readonly sandbox: Sandbox;
  readonly request: Pick<StoreRequest<Answer>, 'summary' | 'items' | 'failures'>;
  readonly timeoutMs: number;
  /** Processes it, once for each time that it lands. */
  readonly arrive: (strikes: Strikes, done: Done<Answer>) => void;
}

/** The store may take a while over a request. */
function execute<Answer>(
  request: StoreRequest<Answer>,
  {
    strikes,
    done,
    scheduler,
  }: { readonly strikes: Strikes; readonly done: Done<Answer>; readonly scheduler: Scheduler },
): void {
  const inPart = request.members > 1 ? strikes('throttled-in-part') : undefined;
  const slow = strikes('slow-transaction');
  const execution = request.begin(inPart && ((index) => inPart.fork('member', index).chance(0.5)));
  const finish = (): void => done(attempt(() => execution.finish()));
  if (slow === undefined) {
    finish();
  } else {
    scheduler.after(slow.fraction() * SLOW_MS_MAX, finish);
  }
}

/** One request on its way: to its service and back, or to what becomes of it instead. */
class Journey<Answer> {
  readonly #options: NetworkOptions;
  readonly #sent: Sent<Answer>;
  readonly #draw: Draw;
  readonly #settle: (reply: Reply<Answer>) => void;
  #isSettled = false;

  constructor(options: NetworkOptions, sent: Sent<Answer>, settle: (reply: Reply<Answer>) => void) {
    this.#options = options;
    this.#sent = sent;
    this.#draw = options.draw.fork('request', sent.number);
    this.#settle = settle;
  }

  start(): void {
    const { record, isDetailed } = this.#options;
    const { number, sandbox, request } = this.#sent;
    const struck = this.#firstStrike();
    record({
      type: 'request-sent',
      request: number,
      sandbox: sandbox.id,
      // Texts for people cost more than the rest of a request.
      summary: isDetailed ? request.summary : '',
      items: isDetailed ? request.items : [],
    });
    if (struck === undefined) {
      this.#landAndReply();
    } else {
      this.#go(struck.kind, struck.draw);
    }
  }

  #firstStrike(): { readonly kind: WayFault; readonly draw: Draw } | undefined {
    const { faults, onFault } = this.#options;
    for (const kind of WAY_FAULTS) {
      const draw = faults.strikes(kind);
      if (draw !== undefined) {
        onFault(kind, `request ${this.#sent.number}`);
        return { kind, draw };
      }
    }
    return undefined;
  }

  #go(kind: WayFault, draw: Draw): void {
    const { sandbox, request, timeoutMs } = this.#sent;
    const { failures } = request;
    switch (kind) {
      case 'crash-before-request':
        sandbox.crash();
        break;
      case 'crash-after-request':
        this.#land(this.#latency());
        sandbox.crash();
        break;
      case 'stall':
        this.#landAndReply();
        sandbox.stall(draw.fraction() * 2);
        break;
      case 'request-lost':
        this.#giveUp();
        break;
      case 'reply-lost':
        this.#land(this.#latency());
        this.#giveUp();
        break;
      case 'lands-late':
        this.#land(timeoutMs + draw.fraction() ** 3 * LATE_MS_MAX);
        this.#giveUp();
        break;
      case 'lands-twice':
        this.#landAndReply();
        this.#land(this.#latency() + draw.fraction() ** 3 * LATE_MS_MAX);
        break;
      case 'throttled':
        this.#refuse(failures.throttled);
        break;
      case 'conflict':
        this.#refuse(failures.conflict);
        break;
      case 'server-error':
        this.#refuse(failures.serverError);
        break;
      case 'server-error-after-commit':
        this.#landAndFail(failures.serverError);
        break;
      case 'unreadable-answer':
        this.#landAndFail(failures.unreadable);
        break;
    }
  }

  #latency(): number {
    return this.#draw.fraction() * LATENCY_MS_MAX;
  }

  /** Only what is slow meets the client's own limit. */
  #landAndReply(): void {
    const { scheduler } = this.#options;
    const { timeoutMs, request } = this.#sent;
    const sentAt = scheduler.now();
    this.#land(this.#latency(), (landed) => {
      const backMs = this.#latency();
      const isTooLate = scheduler.now() + backMs - sentAt > timeoutMs;
      this.#reply(isTooLate ? 0 : backMs, () => (isTooLate ? attempt(request.failures.timeout) : landed));
    });
  }

  #landAndFail(failure: () => Answer): void {
    this.#land(this.#latency(), () => this.#reply(this.#latency(), () => attempt(failure)));
  }

  #refuse(failure: () => Answer): void {
    this.#reply(2 * this.#latency(), () => attempt(failure));
  }

  #giveUp(): void {
    this.#reply(this.#sent.timeoutMs, () => attempt(this.#sent.request.failures.timeout));
  }

  #reply(delayMs: number, answer: () => Reply<Answer>): void {
    const { scheduler, record } = this.#options;
    const { sandbox, number } = this.#sent;
    scheduler.after(delayMs, () => {
      sandbox.deliver(() => {
        if (this.#isSettled) {
          return;
        }
        this.#isSettled = true;
        const received = answer();
        record({ type: 'reply-received', request: number, outcome: outcomeOf(received) });
        scheduler.resume();
        this.#settle(received);
      });
    });
  }

  /** Lets the request reach its service. */
  #land(delayMs: number, then?: Done<Answer>): void {
    const { scheduler, record, isDetailed } = this.#options;
    const { number, arrive } = this.#sent;
    scheduler.after(delayMs, () =>
      arrive(this.#strikes, (landed) => {
        if (isDetailed) {
          record({ type: 'request-landed', request: number, outcome: outcomeOf(landed) });
        }
        then?.(landed);
      }),
    );
  }

  readonly #strikes: Strikes = (kind) => {
    const struck = this.#options.faults.strikes(kind);
    if (struck !== undefined) {
      this.#options.onFault(kind, `request ${this.#sent.number}`);
    }
    return struck;
  };
}

function attempt<Answer>(answer: () => Answer): Reply<Answer> {
  try {
    return { code: 'answer', answer: answer() };
  } catch (error) {
    // What the store does not know is no answer of DynamoDB: no function may take it for one.
    if (error instanceof SimulatedStoreError) {
      throw error;
    }
    return { code: 'thrown', error };
  }
}

function outcomeOf(reply: Reply<unknown>): string {
  if (reply.code === 'thrown') {
    return reply.error instanceof Error ? reply.error.name : 'error';
  }
  const { answer } = reply;
  if (typeof answer !== 'object' || answer === null || !('code' in answer)) {
    return 'answered';
  }
  const isReplayed = 'replayed' in answer && answer.replayed === true;
  return isReplayed ? `${answer.code} (replayed)` : String(answer.code);
}
