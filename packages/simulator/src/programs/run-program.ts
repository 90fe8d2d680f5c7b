import type { ProgramDefinition, ProgramEnvironment } from '../application.ts';
import type { FaultKind } from '../faults/fault-kinds.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { EventBody } from '../history/history.ts';
import { createSandbox, type SandboxControl } from '../lambda/sandbox.ts';
import type { Draw } from '../random/draw.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';

/** How often a program is run that does not end well. */
const ATTEMPTS_MAX = 60;
/** Longest time until somebody runs it again, in milliseconds. */
const PAUSE_MS_MAX = 10 * 60_000;
/** From then on it doubles each time, so that two programs that end each other let one finish in the end. */
const ATTEMPTS_IMPATIENT = 4;
const DOUBLINGS_MAX = 4;
/** What a machine that stands still is measured by: up to twice as long. */
const STALL_MS = 5 * 60_000;

/** What a program is run with. */
export interface ProgramOptions {
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly draw: Draw;
  readonly record: (event: EventBody) => void;
  readonly onFault: (kind: FaultKind, target: string) => void;
  readonly createEnvironment: (sandbox: SandboxControl) => ProgramEnvironment;
}

/** A program that runs beside the functions, again and again until it ends well. */
export interface SimulatedProgram {
  /** Says in words that it has not ended well; nothing where it has. */
  unfinished(): readonly string[];
}

/** Schedules the first run of a program. Each run is a process of its own, with nothing of the one before. */
export function runProgram(definition: ProgramDefinition, options: ProgramOptions): SimulatedProgram {
  const { name } = definition;
  const { scheduler, faults, draw, record, onFault, createEnvironment } = options;
  let attempts = 0;
  let isDone = false;
  let lastEnd = 'never run';
  const strikes = (kind: FaultKind, target: string): boolean => {
    const isStruck = faults.strikes(kind) !== undefined;
    if (isStruck) {
      onFault(kind, target);
    }
    return isStruck;
  };
  const end = (sandbox: SandboxControl, result: ProgramEnd, text: string): void => {
    record({ type: 'program-ended', program: name, sandbox: sandbox.id, result, text });
    isDone = result === 'succeeded';
    lastEnd = `${result}: ${text}`;
    if (!isDone && attempts < ATTEMPTS_MAX) {
      const pauseMsMax =
        PAUSE_MS_MAX * 2 ** Math.min(Math.max(attempts - ATTEMPTS_IMPATIENT, 0), DOUBLINGS_MAX);
      const pauseMs = draw.fork('pause', attempts).fraction() ** 2 * pauseMsMax;
      scheduler.after(pauseMs, start);
    }
  };
  const start = (): void => {
    attempts += 1;
    const sandbox = createSandbox({
      id: `${name}-${attempts}`,
      version: 0,
      scheduler,
      timeoutMs: STALL_MS,
      onCrash: () => end(sandbox, 'crashed', ''),
    });
    record({ type: 'program-started', program: name, sandbox: sandbox.id, attempt: attempts });
    if (strikes('crash-at-start', sandbox.id)) {
      sandbox.crash();
      return;
    }
    scheduler.resume();
    callProgram(definition, createEnvironment(sandbox)).then(({ result, text }) =>
      sandbox.deliver(() => {
        if (result === 'succeeded' && strikes('crash-before-answer', sandbox.id)) {
          sandbox.crash();
          return;
        }
        sandbox.kill();
        end(sandbox, result, text);
      }),
    );
  };
  scheduler.after(definition.atMs, start);
  return {
    unfinished: () => (isDone ? [] : [`${name} has not ended well in ${attempts} runs, ${lastEnd}`]),
  };
}

type ProgramEnd = Extract<EventBody, { readonly type: 'program-ended' }>['result'];

async function callProgram(
  { run }: ProgramDefinition,
  environment: ProgramEnvironment,
): Promise<{ readonly result: 'succeeded' | 'failed'; readonly text: string }> {
  try {
    return { result: 'succeeded', text: await run(environment) };
  } catch (error) {
    return {
      result: 'failed',
      text: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  }
}
