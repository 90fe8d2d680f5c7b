import {
  endRecount,
  RecountRefusedError,
  RecountStalledError,
  RecountSupersededError,
  recountTrades,
} from '@oncefold/operations/recount';
import { TableUnavailableError } from '@oncefold/operations/tables';
import type { Draw } from '@oncefold/simulator';
import { RECOUNT_TABLE } from '../../../src/functions.ts';
import { simulatedPipeline } from '../../../src/recount-load.ts';
import { type DelayedPipeline, MINUTE_MS } from './delayed-pipeline.ts';

/** Marks in a second; with few of them a rebuild takes an hour and more. */
const PACES = [0, 0, 0.1, 0.01];
const REQUESTS_BEFORE_KILL_MAX = 60;

class Killed extends Error {
  override readonly name = 'Killed';
}

export interface RebuildOptions {
  readonly draw: Draw;
  readonly path: string | undefined;
  readonly isKilled: boolean;
  /** What others do while it sleeps. */
  readonly meanwhile: () => Promise<void>;
}

/** Runs `oncefold rebuild`, which may be killed, also between the rows of its repair, and may give up. */
export async function runRebuild(pipeline: DelayedPipeline, options: RebuildOptions): Promise<void> {
  const { draw, path, isKilled } = options;
  const access = createKillableAccess(pipeline, options);
  let number: number | undefined;
  try {
    await recountTrades(
      {
        ...access,
        pipeline: simulatedPipeline,
        owner: `run-${draw.fraction()}`,
        path,
        posts: () => [0],
        limits: { requestsMax: 1, marksPerSecondMax: draw.pick(PACES), stallMsMax: 15 * MINUTE_MS },
        onProgress: (progress) => {
          number = progress.phase === 'started' ? progress.number : number;
        },
      },
      'repair',
    );
  } catch (error) {
    if (!isExpected(error)) {
      throw error;
    }
    if (!isKilled && number !== undefined) {
      await endRecount({ client: pipeline.client, clock: access.clock }, { table: RECOUNT_TABLE, number });
    }
  }
}

function isExpected(error: unknown): boolean {
  return [
    Killed,
    RecountStalledError,
    RecountRefusedError,
    RecountSupersededError,
    TableUnavailableError,
  ].some((expected) => error instanceof expected);
}

function createKillableAccess(pipeline: DelayedPipeline, { draw, isKilled, meanwhile }: RebuildOptions) {
  let requestsLeft =
    isKilled && draw.chance(0.5) ? draw.integer(0, REQUESTS_BEFORE_KILL_MAX) : Number.POSITIVE_INFINITY;
  let isBusy = false;
  const actMeanwhile = async (share: number): Promise<void> => {
    if (!isBusy && draw.chance(share)) {
      isBusy = true;
      await meanwhile();
      isBusy = false;
    }
  };
  const send = async (command: never): Promise<unknown> => {
    if (requestsLeft <= 0) {
      throw new Killed();
    }
    requestsLeft -= 1;
    await actMeanwhile(0.03);
    const answer: unknown = await pipeline.client.send(command);
    if (isKilled) {
      const { repairs } = await pipeline.readRecounts();
      if (repairs.some(({ isPartial }) => isPartial === true) && draw.chance(0.5)) {
        requestsLeft = 0;
      }
    }
    return answer;
  };
  const sleep = async (milliseconds: number): Promise<void> => {
    if (requestsLeft <= 0) {
      throw new Killed();
    }
    await pipeline.advance(milliseconds);
    await actMeanwhile(0.15);
  };
  return {
    client: { send: send as typeof pipeline.client.send },
    clock: { now: () => pipeline.now(), random: () => 0.5, sleep },
  };
}
