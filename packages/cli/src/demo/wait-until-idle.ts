import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { systemOperationsClock } from '@oncefold/operations/tables';
import type { OutcomeCounts } from '@oncefold/trades';
import type { Truth } from '@oncefold/workshop';
import type { PipelineContract } from '../pipeline/pipeline-contract.ts';
import type { WorkInFlight } from '../pipeline/work-in-flight.ts';
import { readAccounting } from '../sums/read-accounting.ts';
import { readAggregates } from '../sums/read-aggregates.ts';
import { type Judgement, judge } from './judge.ts';

/** How the pipeline stood when it came to rest, or when the time was up. */
export interface FinalState {
  readonly isFinished: boolean;
  readonly judgement: Judgement;
  readonly accounting: OutcomeCounts;
  /** When every sum was first seen to be exact, in milliseconds since the epoch. */
  readonly exactAt: number | undefined;
}

/** How the run went, as seen from the sender. */
export interface Run extends FinalState {
  readonly firstPutAt: number;
  readonly lastPutAt: number;
}

/** So long after the last invocation nothing comes any more, whatever the mappings still wait for, in milliseconds. */
const QUIET_MS = 20_000;
/** Time between two questions whether anything is on its way, in milliseconds: what the time until exact is measured in. */
const ASK_EVERY_MS = 50;

/**
 * Waits until every message is accounted for and nothing is on its way any more.
 *
 * The tables are read only when nothing is on its way and a function has ended since they were read: what they say at another time
 * could not end it, and reading them takes the engine's time from the functions.
 *
 * Sums that are all exact, the count of messages among them, leave no record unfolded: then only a batch that is
 * in flight or that failed could still change them. Wrong sums may be right a moment later; they count when the
 * pipeline is at rest.
 *
 * @param options.deadlineMs - longest wait, in milliseconds
 */
export async function waitUntilIdle(options: {
  readonly client: DynamoDBClient;
  readonly contract: PipelineContract;
  readonly truth: Truth;
  readonly work: WorkInFlight;
  readonly isIdle: () => boolean;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}): Promise<FinalState> {
  const { isIdle, work, signal, deadlineMs } = options;
  const start = performance.now();
  let readAfterMs: number | undefined;
  let exactAt: number | undefined;
  for (;;) {
    // Asked before the tables are read: what they say then is at least as new.
    const isAtRest = !work.isAny();
    const { lastEndedAt } = work;
    const isOver = isIdle() || Date.now() - lastEndedAt > QUIET_MS;
    const isTimeUp = performance.now() - start >= deadlineMs;
    if ((isAtRest && (lastEndedAt !== readAfterMs || isOver)) || isTimeUp) {
      readAfterMs = lastEndedAt;
      const { judgement, accounting } = await lookAtTables(options);
      if (judgement.closes && judgement.isExact) {
        exactAt ??= Date.now();
      }
      const isFinished = judgement.closes && isAtRest && (judgement.isExact || isOver);
      if (isFinished || isTimeUp) {
        return { isFinished, judgement, accounting, exactAt };
      }
    }
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

/** Compares what is in the tables now with what was sent. */
export async function lookAtTables(
  options: Pick<Parameters<typeof waitUntilIdle>[0], 'client' | 'contract' | 'truth' | 'signal'>,
): Promise<Pick<FinalState, 'judgement' | 'accounting'>> {
  const { client, contract, signal, truth } = options;
  const access = { client, clock: systemOperationsClock, signal };
  const accounting = await readAccounting(access, contract.tables.accounting);
  const actual = await readAggregates(access, contract.tables.aggregate);
  return { accounting, judgement: judge({ truth, actual, accounting }) };
}
