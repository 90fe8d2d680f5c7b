import type { Pair } from '../figure.ts';
import { alternate } from './alternate.ts';

/** Something that is run many times; its result is kept, so that the compiler does not optimize the work away. */
export type Work = () => unknown;

/**
 * Measures the CPU time of two pieces of work in turn, in this process, that of collecting their garbage included.
 *
 * Each is repeated until a round of it takes long enough.
 *
 * @param options.per - how many units one run of the work makes, such as its records
 * @param options.settling - unmeasured runs before each round, by default 0: the garbage collection between rounds drops compiled code
 * that refers to collected objects, so that work with much code begins a round slowly
 * @returns pairs in microseconds of CPU for each unit
 */
export async function measureCpuInTurn(options: {
  readonly subject: Work;
  readonly reference: Work;
  readonly per: number;
  readonly settling?: number;
  readonly quick: boolean;
}): Promise<readonly Pair[]> {
  const { subject, reference, per, quick, settling = 0 } = options;
  const rounds = quick ? 5 : 15;
  const roundMs = quick ? 60 : 300;
  const times = { subject: await timesFor(subject, roundMs), reference: await timesFor(reference, roundMs) };
  return await alternate(rounds, {
    subject: async () => (await cpuMicroseconds(subject, times.subject, settling)) / per,
    reference: async () => (await cpuMicroseconds(reference, times.reference, settling)) / per,
  });
}

/** How often work is to be run for a round; runs it for as long, so that it is compiled. */
async function timesFor(work: Work, roundMs: number): Promise<number> {
  let times = 1;
  while ((await cpuMicroseconds(work, times)) * times < roundMs * 1_000) {
    times *= 2;
  }
  return times;
}

/** CPU time of one run, microseconds, over so many. */
async function cpuMicroseconds(work: Work, times: number, settling = 0): Promise<number> {
  globalThis.gc?.();
  let kept: unknown;
  for (let time = 0; time < settling; time += 1) {
    kept = await work();
  }
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) {
    kept = await work();
  }
  const { user, system } = process.cpuUsage(before);
  if (kept === undefined) {
    throw new Error('invariant: work that gives nothing may be left out by the compiler');
  }
  return (user + system) / times;
}
