import type { Contribution } from '@oncefold/reducer';
import type { Judgement } from './judge.ts';
import type { ScorePorts } from './scored-round.ts';

/** Time between two looks at the sums. */
const LOOK_EVERY_MS = 2_000;
/** Looks at most, whatever the clock says. */
const LOOKS_MAX = 1_000;
/** The last look is so long before the next round begins, whose growth it must not see. */
const MARGIN_MS = 5_000;

/** A look at the sums, and whether nothing was on its way any more before it. */
interface Look {
  readonly last: Judgement;
  readonly isAtRest: boolean;
}

/**
 * Looks again and again at rows that are not there, until they are, or nothing is on its way any more, or time is up.
 *
 * @param first - the look in time
 * @param options.until - no look after this, in milliseconds since the epoch
 * @returns the last look
 */
export async function lookAgain(
  first: Look,
  options: Pick<ScorePorts, 'readAggregates' | 'now' | 'pause' | 'isAtRest'> & {
    readonly until: number;
    readonly judge: (after: Contribution) => Judgement;
  },
): Promise<Look> {
  const { readAggregates, now, pause, until } = options;
  let look = first;
  for (let count = 0; count < LOOKS_MAX && mayComeYet(look); count += 1) {
    if (now() + LOOK_EVERY_MS + MARGIN_MS > until) {
      break;
    }
    await pause(LOOK_EVERY_MS);
    const isAtRest = options.isAtRest?.() ?? false;
    look = { last: options.judge(await readAggregates()), isAtRest };
  }
  return look;
}

function mayComeYet({ last, isAtRest }: Look): boolean {
  return !isAtRest && last.findings.some(({ cause }) => cause === 'missing');
}
