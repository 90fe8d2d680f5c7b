import { hash, randomInt } from 'node:crypto';

/** Same name and seed, same sequence; at random without a seed. */
interface SamplerOptions {
  readonly name: string;
  readonly seed?: number | undefined;
}

/** Decides for each invocation in turn whether it fails. */
export interface FailureSampler {
  /** Draws the next invocation; the percentage, 0 to 100, may differ from call to call. */
  fails(percentage: number): boolean;
}

/** The accumulated share is an integer, so that ten times 10 % is exactly one failure. */
const WHOLE = 1_000_000;

/**
 * Creates a sampler that meets the percentage evenly, by error diffusion.
 *
 * The share of each invocation is added up, and the invocation that completes a whole fails. So every run of n
 * invocations has n × percentage failures, give or take one: a demonstration with few batches still shows some,
 * and up to 50 % no two follow each other. The start is drawn such that up to 50 % the first failure comes
 * within the first half of 1 / percentage invocations (the second at the earliest): a sandbox that is replaced
 * after each failure still gets its batch done.
 *
 * Drawn one by one at 10 %, a third of all runs with ten batches would show no failure at all, and another run would
 * fail one batch three times in a row. The spread holds per sandbox.
 */
export function createFailureSampler(options: SamplerOptions): FailureSampler {
  const start = drawStart(options);
  let accumulated: number | undefined;

  return {
    fails(percentage) {
      const share = Math.round((percentage / 100) * WHOLE);
      if (share === 0) {
        return false;
      }
      accumulated ??= startAt(start, share);
      accumulated += share;
      if (accumulated < WHOLE) {
        return false;
      }
      accumulated -= WHOLE;
      return true;
    },
  };
}

/** Uniform in [half, whole − share); from 50 % on that is empty, and the second invocation is the first to fail. */
function startAt(start: number, share: number): number {
  const half = WHOLE / 2;
  const room = half - share;
  return room > 0 ? half + Math.floor((start / 2 ** 32) * room) : Math.max(0, WHOLE - share - 1);
}

/** 32 bits; by a hash where there is a seed, so that functions with one seed do not fail in step. */
function drawStart({ name, seed }: SamplerOptions): number {
  if (seed === undefined) {
    return randomInt(2 ** 32);
  }
  return hash('sha256', `${seed}:${name}`, 'buffer').readUInt32BE(0);
}
