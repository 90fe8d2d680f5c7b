import { Socket } from 'node:net';

/** Why a command was asked to end before its work was done. */
export class EndedError extends Error {
  override readonly name = 'EndedError';
  readonly code = 'ended';
  /** The status that a shell expects: 128 plus the number of the signal, or 2 after a crash. */
  readonly exitStatus: number;
  /** Whether somebody wanted the end, such as with Ctrl-C. */
  readonly isAsked: boolean;

  constructor(
    reason: string,
    options: { readonly status: number; readonly isAsked?: boolean; readonly cause?: unknown },
  ) {
    super(reason, options.cause === undefined ? {} : { cause: options.cause });
    this.exitStatus = options.status;
    this.isAsked = options.isAsked ?? false;
  }
}

/** The time that a command lives: from its start until its work is done or somebody ends it. */
export interface Lifetime {
  /** Aborted, with an {@link EndedError} as reason, at the first request to end. */
  readonly signal: AbortSignal;
  /**
   * Begins an orderly end, as a first SIGTERM does, unless one has begun.
   *
   * The first signal afterwards says the same once more: who stops a command often does it in two ways at once.
   */
  requestEnd(reason: string): void;
  /** Registers what has to be stopped at the end; the last registered is stopped first. */
  onEnd(stop: () => Promise<void>): void;
  /** Stops everything that was registered, within the grace period; never throws. */
  end(): Promise<void>;
}

/** Nobody waits for an orderly end when the owner is gone, in milliseconds. */
const OWNER_GRACE_MS = 1_500;

/** Of a command that was asked to end without a signal, where it has no status of its own: as if by SIGTERM. */
const ASKED_STATUS = 143;

/** A terminal that is closed sends SIGHUP: nobody has asked for an end then. */
const endingSignals = [
  { name: 'SIGHUP', number: 1, isAsked: false },
  { name: 'SIGINT', number: 2, isAsked: true },
  { name: 'SIGTERM', number: 15, isAsked: true },
] as const;

/**
 * Ends the command on a signal, on a crash, and with the process that owns it.
 *
 * The first request aborts {@link Lifetime.signal}, and the command unwinds by itself. The second one, or the
 * end of the grace period, ends the process at once: engines and functions are started so that they die with it.
 *
 * @param options.graceMs - how long an orderly end may take, in milliseconds, from 1
 * @param options.report - says a line at once, because the process may end right after it
 */
export function createLifetime(options: {
  readonly graceMs: number;
  readonly ownerDescriptor?: number;
  readonly report: (line: string) => void;
}): Lifetime {
  const controller = new AbortController();
  const stops: (() => Promise<void>)[] = [];
  let isAskedByProgram = false;

  function requestEnd(reason: EndedError, graceMs: number = options.graceMs): void {
    if (isAskedByProgram && reason.isAsked) {
      isAskedByProgram = false;
      return;
    }
    if (controller.signal.aborted) {
      options.report(`${reason.message}; it did not wait for what was still running`);
      process.exit(reason.exitStatus);
    }
    setTimeout(() => {
      options.report(`${reason.message}; what was running did not stop within ${graceMs / 1_000} seconds`);
      process.exit(reason.exitStatus);
    }, graceMs).unref();
    controller.abort(reason);
  }

  for (const { name, number, isAsked } of endingSignals) {
    process.on(name, () => requestEnd(new EndedError(`ended by ${name}`, { status: 128 + number, isAsked })));
  }
  // A reader that went away (`oncefold up | head -1`) is a way to end us, not a defect.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!controller.signal.aborted) {
      requestEnd(
        error.code === 'EPIPE'
          ? new EndedError('nobody reads its standard output any more', { status: 141 })
          : new EndedError(`its standard output cannot be written: ${error.message}`, { status: 2 }),
      );
    }
  });
  process.on('uncaughtException', (thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    console.error(error);
    options.report(`internal error: ${error.message}`);
    requestEnd(new EndedError('internal error', { status: 2, cause: error }));
  });
  if (options.ownerDescriptor !== undefined) {
    watchOwner(options.ownerDescriptor, requestEnd);
  }

  return {
    signal: controller.signal,
    requestEnd(reason) {
      if (!controller.signal.aborted) {
        requestEnd(new EndedError(reason, { status: ASKED_STATUS, isAsked: true }));
        isAskedByProgram = true;
      }
    },
    onEnd: (stop) => void stops.push(stop),
    end: () => stopInReverse(stops, options),
  };
}

function watchOwner(descriptor: number, requestEnd: (reason: EndedError, graceMs: number) => void): void {
  const ended = (): void =>
    requestEnd(new EndedError('the process that started this one has ended', { status: 1 }), OWNER_GRACE_MS);
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
  // The owner writes nothing; reading is how the end of the pipe is noticed.
  pipe.once('close', ended).on('error', () => {});
  pipe.resume();
  pipe.unref();
}

async function stopInReverse(
  stops: (() => Promise<void>)[],
  options: { readonly graceMs: number; readonly report: (line: string) => void },
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const graceEnded = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      options.report(`what was running did not stop within ${options.graceMs / 1_000} seconds`);
      resolve();
    }, options.graceMs);
  });
  const allStopped = (async () => {
    for (const stop of stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        options.report(`could not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  })();
  await Promise.race([allStopped, graceEnded]);
  clearTimeout(timer);
}
