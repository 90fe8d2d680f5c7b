import { randomInt } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { formatCounted } from '@oncefold/comparison/format-number';
import type { Application } from '@oncefold/sam-template';
import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import type { Lifetime } from '../command-line/lifetime.ts';
import { type LivePage, startLivePage } from '../live-page/start-live-page.ts';
import { chooseParameters } from '../pipeline/choose-parameters.ts';
import { startLiveProgress } from '../pipeline/live-progress.ts';
import { readContract, stagesOf } from '../pipeline/pipeline-contract.ts';
import { setFailurePercentages, workshopFaults } from '../pipeline/set-failure-percentages.ts';
import { advanceStage, createStageProgress, type StageProgress } from '../pipeline/stage-progress.ts';
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts';
import { strategyFacts } from '../pipeline/strategies-of.ts';
import { type WorkInFlight, watchWorkInFlight } from '../pipeline/work-in-flight.ts';
import { createPalette } from '../terminal/palette.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { playLocalRound } from './play-local-round.ts';
import { sumsOfRound } from './sums-of-round.ts';
import type { WorkshopOptions } from './workshop-options.ts';
import type { WorkshopResult, WorkshopRound } from './workshop-result.ts';
import { roundOnPage, roundView, workshopView } from './workshop-view.ts';

/** Seeds are 32 bits wide; rounds count up from the first one. */
const SEED_COUNT = 2 ** 32;
/** The table's logical id. */
const workshopTableId = 'Workshop/WorkshopTable';

/**
 * `oncefold workshop`: plays rounds one after the other, from the second half on with failures, and keeps the score.
 *
 * @returns the exit status: 0 when every round was perfect, 1 when not
 */
export async function workshopCommand(options: WorkshopOptions, context: CommandContext): Promise<number> {
  const { terminal, lifetime } = context;
  const { rounds, messages } = options;
  const seed = options.seed ?? randomInt(2 ** 31);
  terminal.note(
    `${formatCounted(rounds, 'round')} of ${formatCounted(messages, 'message')}, seed ${seed}; starting …`,
  );
  const page = await startLivePage(
    { command: 'oncefold workshop', options, isPipeline: true, hasRounds: true },
    context,
  );
  const facts = [`seed ${seed}`, formatCounted(rounds, 'round')];
  page?.tell({ facts });
  const board: Board = { stages: [], score: 0 };
  const work = watchWorkInFlight();
  const pipeline = await startPipeline(options, {
    lifetime,
    parameters: { ...chooseParameters({ ...options, faults: 'workshop' }), WithWorkshop: 'true' },
    environment: { INDUCED_FAILURE_SEED: String(seed) },
    beforeStart: async ({ application }) => {
      board.stages = stagesOf(application).map(createStageProgress);
      page?.begin(application);
    },
    onEvent: (event) => {
      page?.note(event);
      board.stages = board.stages.map((stage) => advanceStage(stage, event));
      work.note(event);
    },
  });
  page?.watch(pipeline);
  page?.tell({ facts: [...facts, ...strategyFacts(pipeline)] });
  const played = await playRounds({ options, seed, pipeline, work, board, page, terminal, lifetime });
  const result: WorkshopResult = {
    verdict: played.every(({ verdict }) => verdict === 'perfect') ? 'perfect' : 'failed',
    score: board.score,
    seed,
    rounds: played,
    inducedFailures: board.stages.reduce((sum, stage) => sum + stage.inducedFailures, 0),
  };
  const text = workshopView(result, createPalette(false));
  const isAtRest = !pipeline.running.hasOpenBatches();
  await page?.conclude({ text, isGood: result.verdict === 'perfect', isAtRest });
  terminal.answer(options.json ? JSON.stringify(result) : `\n${workshopView(result, terminal.palette)}`);
  return result.verdict === 'perfect' ? exitStatus.exact : exitStatus.different;
}

/** What is shown while the rounds are played. */
interface Board {
  stages: readonly StageProgress[];
  score: number;
}

interface Play {
  readonly options: WorkshopOptions;
  readonly seed: number;
  readonly pipeline: Pipeline;
  readonly work: WorkInFlight;
  readonly board: Board;
  readonly page: LivePage | undefined;
  readonly terminal: Terminal;
  readonly lifetime: Lifetime;
}

async function playRounds(play: Play): Promise<readonly WorkshopRound[]> {
  const { options, pipeline, board, terminal, lifetime } = play;
  const { rounds } = options;
  const { tables } = readContract(pipeline.application);
  const failure = new AbortController();
  void pipeline.failed.then((error) => failure.abort(error));
  const signal = AbortSignal.any([lifetime.signal, failure.signal]);
  const played: WorkshopRound[] = [];
  for (let number = 1; number <= rounds; number += 1) {
    const withFailures = number > Math.floor(rounds / 2);
    const { dynamodb: client } = pipeline.clients;
    if (withFailures) {
      await setFailurePercentages({ client, table: tables.parameter, percentages: workshopFaults, signal });
    }
    const round = await playShown(play, { number, withFailures, signal });
    board.score = await readScore(client, tables.parameter, signal);
    terminal.note(roundView(round, { number, rounds, score: board.score }, terminal.notePalette));
    played.push(round);
    play.page?.tell({ rounds: played.map(roundOnPage) });
  }
  return played;
}

/** Plays one round under a live view. */
async function playShown(
  { options, seed, pipeline, work, board, page, terminal }: Play,
  round: { readonly number: number; readonly withFailures: boolean; readonly signal: AbortSignal },
): Promise<WorkshopRound> {
  const { messages, rounds, interval } = options;
  const { number, withFailures, signal } = round;
  const roundSeed = (seed + number - 1) % SEED_COUNT;
  const startedAt = Date.now();
  let sent = 0;
  const sentBefore = (number - 1) * messages;
  const live = startLiveProgress(terminal, () => ({
    headline: `round ${number} of ${rounds}, score ${board.score}`,
    elapsedMs: Date.now() - startedAt,
    messages,
    sent,
    stages: board.stages,
  }));
  try {
    const { scored, judgedAfterMs } = await playLocalRound({
      name: `${seed}-${number}`,
      seed: roundSeed,
      messages,
      intervalMs: interval * 1000,
      pipeline,
      contract: readContract(pipeline.application),
      workshopTable: workshopTableOf(pipeline.application),
      work,
      onSent: (count) => {
        sent = count;
        page?.tell({ sent: sentBefore + sent });
      },
      onRound: (known) => {
        const client = pipeline.clients.dynamodb;
        const isSent = (): boolean => sent === messages;
        const table = readContract(pipeline.application).tables.aggregate;
        page?.compareWith(sumsOfRound(known, { client, table, isSent }));
        page?.tell({ messages: number * messages, sent: sentBefore });
      },
      signal,
    });
    return { ...scored, seed: roundSeed, messages, withFailures, judgedAfterMs };
  } catch (error) {
    // What was interrupted says so in its own way; the signal knows why.
    signal.throwIfAborted();
    throw error;
  } finally {
    live.stop();
  }
}

function workshopTableOf(application: Application): string {
  const table = application.tables.find(({ logicalId }) => logicalId === workshopTableId);
  if (table === undefined) {
    throw new CouldNotRunError(`the template has no table ${workshopTableId}`);
  }
  return table.tableName;
}

async function readScore(client: DynamoDBClient, table: string, abortSignal: AbortSignal): Promise<number> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { parameter: { S: 'SCORE' } }, ConsistentRead: true }),
    { abortSignal },
  );
  return Number(Item?.['value']?.N ?? 0);
}
