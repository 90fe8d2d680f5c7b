import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type Round, type ScoredRound, scoreRound } from '@oncefold/workshop';
import { createAggregateReader, createRoundOpener, createVerdictStore } from '@oncefold/workshop/dynamodb';
import { playRound } from '@oncefold/workshop/generator';
import type { PipelineContract } from '../pipeline/pipeline-contract.ts';
import { sendMessages } from '../pipeline/send-messages.ts';
import type { Pipeline } from '../pipeline/start-pipeline.ts';
import type { WorkInFlight } from '../pipeline/work-in-flight.ts';

/** Time between two looks at the sums, in milliseconds. */
const LOOK_EVERY_MS = 200;
/** So long what is late is waited for, to tell it from what is lost; a pipeline at rest ends it. */
const LOOK_AGAIN_MS = 300_000;

/**
 * Plays one round on the local engines and judges it, with the code of generator and scoreboard.
 *
 * On AWS the scoreboard comes 30 seconds after the last message, whatever has happened by then. Here nobody has to wait
 * for a pipeline that is at rest: nothing changes its sums any more.
 *
 * @param options.intervalMs - longest time from the last message to the judgement, in milliseconds
 */
export async function playLocalRound(options: {
  readonly name: string;
  readonly seed: number;
  readonly messages: number;
  readonly intervalMs: number;
  readonly pipeline: Pipeline;
  readonly contract: PipelineContract;
  readonly workshopTable: string;
  readonly work: WorkInFlight;
  readonly onSent: (count: number) => void;
  /** Called when the round is known, before its first message is sent. */
  readonly onRound: (round: Round) => void;
  readonly signal: AbortSignal;
}): Promise<{ readonly scored: ScoredRound; readonly judgedAfterMs: number }> {
  const { name, pipeline, contract, signal } = options;
  const { dynamodb, kinesis } = pipeline.clients;
  const rounds = createVerdictStore(dynamodb, {
    workshop: options.workshopTable,
    parameter: contract.tables.parameter,
  });
  const readAggregates = createAggregateReader(dynamodb, { table: contract.tables.aggregate, signal });
  const opener = createRoundOpener(dynamodb, options.workshopTable);
  await playRound(
    { name, seed: options.seed, messages: options.messages, dimensions: contract.hierarchy.dimensions },
    {
      rounds: {
        open(round) {
          options.onRound(round);
          return opener.open(round);
        },
      },
      readAggregates,
      send: (calls) =>
        sendMessages({ client: kinesis, stream: contract.stream, calls, onSent: options.onSent, signal }),
      now: Date.now,
    },
  );
  const lastPutAt = Date.now();
  const round = await rounds.find(name);
  if (round === undefined) {
    throw new Error('invariant: the round was kept before it was sent');
  }
  while (Date.now() - lastPutAt < options.intervalMs) {
    // Asked before the sums are read: what they say then is at least as new.
    const isAtRest =
      pipeline.faults === undefined ? !options.work.isAny() : !pipeline.running.hasOpenBatches();
    const isIdle = pipeline.isIdle(lastPutAt);
    const isExact = isAtRest && judge(round, await readAggregates()).findings.length === 0;
    if (isAtRest && (isExact || isIdle)) {
      break;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  const judgedAfterMs = Date.now() - lastPutAt;
  const { scored } = await scoreRound(
    name,
    {
      rounds,
      readAggregates,
      now: Date.now,
      pause: (ms) => sleep(ms, undefined, { signal }),
      isAtRest: () => pipeline.isIdle(lastPutAt),
    },
    { lookAgainMs: LOOK_AGAIN_MS },
  );
  return { scored, judgedAfterMs };
}
