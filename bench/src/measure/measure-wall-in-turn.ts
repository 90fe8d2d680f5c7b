import type { Pair } from '../figure.ts';
import { alternate } from './alternate.ts';

/** One turn of something that waits, such as for an engine. */
export type Turn = (turn: number) => Promise<unknown>;

/**
 * Measures the wall time of two things in turn, each once a turn.
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
  const pairs = await alternate(2 * turns, {
    subject: (turn) => wallMs(subject, turn),
    reference: (turn) => wallMs(reference, turn),
  });
  return pairs.slice(turns);
}

async function wallMs(work: Turn, turn: number): Promise<number> {
  const begin = performance.now();
  await work(turn);
  return performance.now() - begin;
}
