import type { Pair } from './figure.ts';

/** One turn of something that waits, such as for an engine. */
export type Turn = (turn: number) => Promise<unknown>;

/**
 * Measures the wall time of two things in turn, each once a turn, and begins with the one and with the other by turns.
 *
 * @param options.turns - how many are measured; as many are made before, so that both sides have compiled what they do
 * @returns a pair for each turn, in milliseconds
 */
export async function measureWallInTurn(options: {
  readonly subject: Turn;
  readonly reference: Turn;
  readonly turns: number;
}): Promise<readonly Pair[]> {
  const { subject, reference, turns } = options;
  const pairs: Pair[] = [];
  for (let turn = 0; turn < 2 * turns; turn += 1) {
    const isSubjectFirst = turn % 2 === 0;
    const first = await wallMs(isSubjectFirst ? subject : reference, turn);
    const second = await wallMs(isSubjectFirst ? reference : subject, turn);
    if (turn >= turns) {
      const [ofSubject, ofReference] = isSubjectFirst ? [first, second] : [second, first];
      pairs.push({ subject: ofSubject, reference: ofReference });
    }
  }
  return pairs;
}

async function wallMs(work: Turn, turn: number): Promise<number> {
  const begin = performance.now();
  await work(turn);
  return performance.now() - begin;
}
