/**
 * Measures how long an application takes from the start of its process until it is ready, phase by phase, and what CPU time
 * each of its processes has taken by then; and compares the median with the goal of 3 seconds. It measures and does not
 * judge: the exit status is 0 either way.
 *
 *     node bench/start-time.ts [--template ../../examples/orders/template.yaml] [--runs 5] [--engine auto] [--json]
 *
 * Every run is a process of its own, as a test is. Wall time depends on what else the machine does; CPU seconds hardly do.
 * A first run fills the caches and is not counted.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { readCpuSeconds } from '../src/functions/cpu-seconds.ts';

const { values } = parseArgs({
  options: {
    template: {
      type: 'string',
      default: fileURLToPath(new URL('../../../examples/orders/template.yaml', import.meta.url)),
    },
    runs: { type: 'string', default: '5' },
    engine: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
    /** One start in this process. */
    once: { type: 'boolean', default: false },
  },
});
const readyGoalMs = 3_000;
const OUTPUT_BYTES_MAX = 16 * 1_024 * 1_024;

interface Start {
  /** Milliseconds since the process began, when each phase had ended. */
  readonly phases: Readonly<Record<'loaded' | 'template' | 'deployed' | 'ready', number>>;
  /** CPU seconds of each process until then; functions together. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

if (values.once) {
  console.log(JSON.stringify(await startOnce()));
} else {
  const starts = await startOften(Number(values.runs));
  console.log(values.json ? JSON.stringify(starts) : describe(starts));
}

async function startOften(runs: number): Promise<readonly Start[]> {
  const starts: Start[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [...process.argv.slice(1), '--once'], {
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    if (run > 0) {
      starts.push(JSON.parse(stdout) as Start);
    }
  }
  return starts;
}

async function startOnce(): Promise<Start> {
  const { startApplication } = await import('../src/start/start-application.ts');
  const loaded = performance.now();
  let template = 0;
  let deployed = 0;
  const functionPids: number[] = [];
  const started = await startApplication({
    template: values.template,
    engine: values.engine as 'auto' | 'dynamodb-local' | 'dynoxide',
    onRead: () => {
      template = performance.now();
    },
    onDeployed: async () => {
      deployed = performance.now();
    },
    onEvent: (event) => {
      if (event.type === 'function-started') {
        functionPids.push(event.pid);
      }
    },
  });
  const ready = performance.now();
  const secondsOf = (pids: readonly number[]): number =>
    pids.reduce((sum, pid) => sum + (readCpuSeconds(pid) ?? 0), 0);
  const cpuSeconds = {
    runtime: secondsOf([process.pid]),
    ...Object.fromEntries(started.engines.started.map(({ name, pid }) => [name, secondsOf([pid])])),
    functions: secondsOf(functionPids),
  };
  await started.stop();
  return { phases: { loaded, template, deployed, ready }, cpuSeconds };
}

function describe(starts: readonly Start[]): string {
  const [first] = starts;
  if (first === undefined) {
    return 'no runs';
  }
  const readyMs = medianOf(starts.map(({ phases }) => phases.ready));
  const phases = Object.keys(first.phases) as (keyof Start['phases'])[];
  return [
    `ready after ${readyMs.toFixed(0)} ms (median of ${starts.length}; goal ${readyGoalMs}: ${readyMs <= readyGoalMs ? 'met' : 'missed'})`,
    ...phases.map(
      (phase) =>
        `  ${phase.padEnd(16)} ${list(
          starts.map((start) => start.phases[phase]),
          0,
        )} ms`,
    ),
    'CPU seconds until then',
    ...Object.keys(first.cpuSeconds).map(
      (name) =>
        `  ${name.padEnd(16)} ${list(
          starts.map(({ cpuSeconds }) => cpuSeconds[name] ?? 0),
          2,
        )}`,
    ),
  ].join('\n');
}

function list(numbers: readonly number[], digits: number): string {
  return numbers.map((number) => number.toFixed(digits)).join('  ');
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}
