import type { Pair } from '../figure.ts';

/** Time until the engine has compiled what is measured. */
const WARM_UP_MS = 1_500;

/** Work on inputs that are made for it. */
export interface WorkAfter<Input> {
  /** Makes an input. */
  readonly make: () => Input;
  /** Works on it; its result is kept, so that the compiler does not optimize the work away. */
  readonly use: (input: Input) => unknown;
  /** How many units an input has, such as its records. */
  readonly per: number;
  /** How many inputs are made before they are used; 1 unless given. More for small ones: the clock is too coarse for one. */
  readonly inputs?: number;
}

/** Microseconds of CPU for each unit. */
export interface Costs {
  readonly making: number;
  readonly using: number;
}

/**
 * Measures the CPU time of work on an input against that of making the input. Each run has an input of its own, as a function has, whose
 * event was parsed a moment ago and is never seen again: what a second run over the same input would find done, such as the hashes of its
 * strings, is in the time. So is collecting garbage, of which some is the other side's.
 *
 * @returns pairs, one for each round: `use` as the subject and `make` as its reference
 */
export async function measureAfter<Input>(
  work: WorkAfter<Input>,
  { quick }: { readonly quick: boolean },
): Promise<readonly Pair[]> {
  const rounds = quick ? 5 : 15;
  const roundMs = quick ? 100 : 500;
  await measureCosts(work, WARM_UP_MS);
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { making, using } = await measureCosts(work, roundMs);
    pairs.push({ subject: using, reference: making });
  }
  return pairs;
}

/** Measures one round, of at least `roundMs` of CPU time. */
export async function measureCosts<Input>(
  { make, use, per, inputs = 1 }: WorkAfter<Input>,
  roundMs: number,
): Promise<Costs> {
  // Held, so that collecting does not throw away what the engine has learnt of the form of inputs, and with it what it has compiled.
  const held = make();
  globalThis.gc?.();
  let [making, using, runs] = [0, 0, 0];
  while (making + using < roundMs * 1_000) {
    const started = microseconds();
    const made = Array.from({ length: inputs }, make);
    const madeAt = microseconds();
    for (const input of made) {
      if ((await use(input)) === undefined) {
        throw new Error('invariant: work that gives nothing may be left out by the compiler');
      }
    }
    using += microseconds() - madeAt;
    making += madeAt - started;
    runs += inputs;
  }
  if ((await use(held)) === undefined) {
    throw new Error('invariant: work gives something');
  }
  return { making: making / runs / per, using: using / runs / per };
}

/** CPU time of this process. */
function microseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
