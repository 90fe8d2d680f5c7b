import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  endRecount,
  RecountRefusedError,
  type RecountResult,
  RecountStalledError,
  RecountSupersededError,
  recountTrades,
} from '@oncefold/operations/recount';
import { createTableClock, systemOperationsClock } from '@oncefold/operations/tables';
import type { Hierarchy } from '@oncefold/reducer';
import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import type { FoundPipeline } from '../tables/find-pipeline.ts';
import { figuresOf } from './estimate-recount.ts';
import { startProgressView } from './recount-progress.ts';

/** How long a recount that failed may take to be ended, in milliseconds. */
const END_MS_MAX = 5_000;

/** A recount that a command runs. */
export interface RecountRun {
  /** Sends each request once: the recount decides what to do after a lost answer. */
  readonly client: DynamoDBClient;
  readonly pipeline: FoundPipeline;
  readonly path: string | undefined;
  readonly hierarchy: Hierarchy | undefined;
  /** Marks in a second; 0 for as many as the table takes. */
  readonly rate: number;
  /** How long to wait before a repair, in milliseconds; 0 where nothing is repaired. */
  readonly settleMs: number;
}

/** What came of a recount, and how many requests it took. */
export interface RunResult extends RecountResult {
  readonly requests: number;
}

/**
 * Runs a recount to its end and shows how far it is.
 *
 * One that does not come to its end is ended, if the tables answer: the functions need not count for it any more.
 *
 * @throws {@link CouldNotRunError} where it cannot be done; the message says what to do
 */
export async function runRecount(
  run: RecountRun,
  mode: 'compare' | 'repair',
  { terminal, lifetime }: CommandContext,
): Promise<RunResult> {
  const { client, pipeline, path, hierarchy, rate, settleMs } = run;
  const { items } = figuresOf(pipeline.descriptions.state);
  const view = startProgressView(terminal, { items, now: () => performance.now() });
  const clock = createTableClock(client, systemOperationsClock);
  const access = { client, clock, signal: lifetime.signal };
  let number: number | undefined;
  const requests = countRequests(client);
  try {
    const result = await recountTrades(
      {
        ...access,
        pipeline,
        owner: randomUUID(),
        path,
        hierarchy,
        limits: { marksPerSecondMax: rate, settleMs },
        onProgress: (progress) => {
          number = progress.phase === 'started' ? progress.number : number;
          view.show(progress);
        },
      },
      mode,
    );
    return { ...result, requests: requests() };
  } catch (error) {
    if (number !== undefined && !(error instanceof RecountSupersededError)) {
      terminal.note(await endLeftRecount(client, pipeline.tables.recount, number));
    }
    throw explain(error);
  } finally {
    view.stop();
  }
}

function countRequests(client: DynamoDBClient): () => number {
  let count = 0;
  client.middlewareStack.add(
    (next) => (input) => {
      count += 1;
      return next(input);
    },
    { step: 'finalizeRequest', name: 'countRequests', override: true },
  );
  return () => count;
}

async function endLeftRecount(client: DynamoDBClient, table: string, number: number): Promise<string> {
  const signal = AbortSignal.timeout(END_MS_MAX);
  try {
    await endRecount({ client, clock: systemOperationsClock, signal }, { table, number });
    return `recount ${number} is ended before it was done; run the command again to begin anew`;
  } catch {
    return (
      `recount ${number} is left running: functions go on counting for it, and no sum is wrong for that; ` +
      'run the command again to begin anew, or with --abort to end it'
    );
  }
}

function explain(error: unknown): unknown {
  return error instanceof RecountRefusedError ||
    error instanceof RecountStalledError ||
    error instanceof RecountSupersededError
    ? new CouldNotRunError(error.message, { cause: error })
    : error;
}
