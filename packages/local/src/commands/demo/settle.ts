import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Truth } from '@oncefold/workload';
import { readAggregates } from '../check/read-aggregates.ts';
import type { PipelineContract } from '../pipeline/pipeline-contract.ts';
import { type Accounting, readAccounting } from '../read-accounting.ts';
import { type Judgement, judge } from './judge.ts';

/** How the pipeline stood when it came to rest, or when the time was up. */
export interface Settlement {
  readonly isSettled: boolean;
  readonly judgement: Judgement;
  readonly accounting: Accounting;
  /** When every sum was first seen to be exact, in milliseconds since the epoch. */
  readonly exactAt: number | undefined;
}

/** How the run went, as seen from the sender. */
export interface Run extends Settlement {
  readonly firstPutAt: number;
  readonly lastPutAt: number;
}

/** Time between two looks at the tables, in milliseconds: what the time until exact is measured in. */
const lookEveryMs = 100;

/**
 * Waits until every message is accounted for and nothing is on its way any more.
 *
 * Wrong sums do not lengthen the wait: they are no less settled than right ones.
 *
 * @param options.isIdle - Whether nothing is on its way, of what was written before the last put and since.
 * @param options.deadlineMs - Longest wait, in milliseconds.
 * @param options.signal - Ends the wait with its reason.
 * @returns How the pipeline stood at the end.
 * @throws What reading the tables throws.
 */
export async function settle(options: {
  readonly client: DynamoDBClient;
  readonly contract: PipelineContract;
  readonly truth: Truth;
  readonly isIdle: () => boolean;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}): Promise<Settlement> {
  const { isIdle, signal, deadlineMs } = options;
  const start = performance.now();
  let exactAt: number | undefined;
  for (;;) {
    // Asked before the tables are read: what they say then is at least as new.
    const idle = isIdle();
    const { judgement, accounting } = await look(options);
    if (judgement.closes && judgement.isExact) exactAt ??= Date.now();
    const isSettled = idle && judgement.closes;
    if (isSettled || performance.now() - start >= deadlineMs)
      return { isSettled, judgement, accounting, exactAt };
    await sleep(lookEveryMs, undefined, { signal });
  }
}

async function look(
  options: Parameters<typeof settle>[0],
): Promise<Omit<Settlement, 'isSettled' | 'exactAt'>> {
  const { client, contract, signal, truth } = options;
  const accounting = await readAccounting({ client, table: contract.tables.accounting, signal });
  const actual = await readAggregates({ client, table: contract.tables.aggregate, signal });
  return { accounting, judgement: judge({ truth, actual, accounting }) };
}
