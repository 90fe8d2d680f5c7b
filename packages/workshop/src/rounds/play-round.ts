import { parseContribution } from '@oncefold/reducer';
import { createWorkload } from '../load/create-workload.ts';
import { namedDimensions } from '../load/dimensions.ts';
import { truthOf } from '../load/truth-of.ts';
import type { WorkloadMessage } from '../load/workload.ts';
import type { AggregateReader, Round } from './round.ts';

/** Keeps rounds that begin, for the scoreboard. */
export interface RoundOpener {
  /**
   * Keeps a round that begins.
   *
   * A round that is there already stays as it is: an invocation that is repeated sends the same bytes, and the sums before
   * its first message are those that the first invocation saw.
   */
  open(round: Round): Promise<'opened' | 'known'>;
}

/** A round whose messages are all in the stream. */
export interface PlayedRound {
  readonly name: string;
  readonly seed: number;
  readonly messages: number;
  /** `known`: the round had been begun before, and its messages were sent once more. */
  readonly opened: 'opened' | 'known';
}

/**
 * Plays a round: keeps the sums before it and by how much they must grow, and sends the load of the workshop.
 *
 * The truth is kept before the first message is sent: a round that breaks off can be judged all the same.
 *
 * @param options.seed - 0 to 2^32 - 1; no two rounds of a pipeline share one
 * @param options.messages - how many, repeated ones included; the lab sends 10,000
 * @param ports.send - sends the calls, each message at least once; throws when it cannot
 * @param ports.now - milliseconds since the epoch
 */
export async function playRound(
  options: {
    readonly name: string;
    readonly seed: number;
    readonly messages: number;
    readonly dimensions: readonly string[];
  },
  ports: {
    readonly rounds: RoundOpener;
    readonly readAggregates: AggregateReader;
    readonly send: (calls: readonly (readonly WorkloadMessage[])[]) => Promise<void>;
    readonly now: () => number;
  },
): Promise<PlayedRound> {
  const { name, seed, messages } = options;
  const openedAt = ports.now();
  const workload = createWorkload({
    messages,
    seed,
    // Not the clock's: the same round makes the same bytes, whenever it is asked for.
    startMilliseconds: seed * 1000,
    dimensions: namedDimensions(options.dimensions),
  });
  const calls = workload.calls.map((call) => call.messages);
  const truth = truthOf(calls.flat(), workload.dimensions);
  const opened = await ports.rounds.open({
    name,
    seed,
    messages,
    growth: parseContribution(JSON.stringify(Object.fromEntries(truth.nodes))),
    applied: truth.applied,
    before: await ports.readAggregates(),
    openedAt,
  });
  await ports.send(calls);
  return { name, seed, messages, opened };
}
