import type { MiddlewareObj, Request } from '@middy/core';
import {
  type Action,
  type Batch,
  type CommitReport,
  commitBatch,
  type Effect,
  type RetryLimits,
  type Strategy,
  StrategyError,
  type Surroundings,
  type TransactionPort,
} from '@oncefold/commit';
import type { Contribution } from '@oncefold/reducer';
import { assertKnownOptions } from './assert-known-options.ts';
import {
  type EventIdentity,
  identifyRecords,
  type StreamEvent,
  type StreamRecord,
} from './record-identity.ts';

/** What a handler returns for one record. */
export interface RecordFold {
  /** What the record adds; an empty map adds nothing. */
  readonly contribution: Contribution;
  /** Writes that belong to the record alone, for example its quarantine; committed with it. */
  readonly writes?: readonly Action[];
}

/** A handler that only says what each record adds: one element per record, in the order of the event. */
export type FoldHandler<Event> = (
  event: Event,
  context: { readonly awsRequestId: string },
) => Promise<readonly RecordFold[]>;

/** What the invocation answers to the mapping; `state` only where the mapping has a tumbling window. */
export interface CommitResponse {
  readonly batchItemFailures: readonly never[];
  readonly state?: unknown;
}

/** Options of {@link commitOnce}. An unknown one is refused, so that a misspelt one is not ignored. */
export interface CommitOnceOptions<Record extends StreamRecord> {
  readonly transactions: TransactionPort;
  readonly strategy: Strategy;
  readonly effect: Effect;
  /** Takes a business key from a record; by default its `eventID`. */
  readonly recordId?: (record: Record) => string | undefined;
  /** Told of every batch that was committed, for logs and metrics. */
  readonly onCommitted?: (report: CommitReport, batch: Batch) => void | Promise<void>;
  /** Kept back from the function's timeout, in milliseconds, so that the commit ends before it. Default 1,000. */
  readonly reserveMs?: number;
  readonly limits?: RetryLimits;
  readonly surroundings?: Surroundings;
}

const OPTION_NAMES: readonly (keyof CommitOnceOptions<StreamRecord>)[] = [
  'transactions',
  'strategy',
  'effect',
  'recordId',
  'onCommitted',
  'reserveMs',
  'limits',
  'surroundings',
];

const IDENTITY = Symbol('@oncefold/middleware/commit-once');

/**
 * Commits what a handler returns, exactly once as far as the strategy's guard reaches.
 *
 * The handler is a function from event to contributions and writes nothing itself, so it cannot write outside the
 * transaction. Identities are taken in `before`, ahead of anything that may change the event; the commit is made in `after`,
 * and what it throws fails the invocation, so that the mapping delivers the batch again.
 *
 * @returns a Middy middleware; register it before anything that changes the event.
 * @throws {@link StrategyError} when an option is missing or unknown, or the handler's answer does not match the event.
 *
 * @example
 * ```ts
 * export const handler = middy<KinesisStreamEvent>()
 *   .use(commitOnce({ transactions, strategy, effect: incrementEach({ table, key: 'Shelf', attribute: 'Stock' }) }))
 *   .handler(async (event) => event.Records.map((record) => ({ contribution: stockOf(record) })));
 * ```
 */
export function commitOnce<Record extends StreamRecord>(
  options: CommitOnceOptions<Record>,
): MiddlewareObj<unknown, unknown, Error> {
  assertKnownOptions('commitOnce', options, {
    known: OPTION_NAMES,
    required: ['transactions', 'strategy', 'effect'],
  });

  const commitOnceBefore = (request: Request<unknown>): void => {
    internalOf(request)[IDENTITY] = identifyRecords(request.event as StreamEvent<Record>, options.recordId);
  };

  const commitOnceAfter = async (request: Request<unknown>): Promise<void> => {
    const identity = internalOf(request)[IDENTITY];
    if (identity === undefined) throw new StrategyError('commitOnce did not see this invocation begin');
    const folds = foldsOf(request.response, identity);
    const batch: Batch = {
      shardId: identity.shardId,
      records: identity.records.map((record, index) => ({ ...record, ...(folds[index] as RecordFold) })),
    };
    const report = await commitBatch(batch, {
      transactions: options.transactions,
      strategy: options.strategy,
      effect: options.effect,
      remainingMs: () => request.context.getRemainingTimeInMillis(),
      ...(options.reserveMs === undefined ? {} : { reserveMs: options.reserveMs }),
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.surroundings === undefined ? {} : { surroundings: options.surroundings }),
    });
    await options.onCommitted?.(report, batch);
    request.response = responseTo(request.event as StreamEvent<Record>);
  };

  return { before: commitOnceBefore, after: commitOnceAfter };
}

function internalOf(request: { readonly internal: object }): { [IDENTITY]?: EventIdentity } {
  return request.internal as { [IDENTITY]?: EventIdentity };
}

function foldsOf(response: unknown, identity: EventIdentity): readonly RecordFold[] {
  if (!Array.isArray(response))
    throw new StrategyError('the handler must return a list with one element per record');
  if (response.length !== identity.records.length) {
    throw new StrategyError(
      `the handler must return one element per record: ${identity.records.length} records, ${response.length} elements`,
    );
  }
  for (const [index, fold] of response.entries()) {
    if (!((fold as Partial<RecordFold> | undefined)?.contribution instanceof Map)) {
      throw new StrategyError(`[${index}].contribution: must be a Map from aggregate key to decimal`);
    }
  }
  return response;
}

/** A mapping with a tumbling window wants its state back; there is nothing in it, the window only tells the shard. */
function responseTo(event: StreamEvent): CommitResponse {
  return event.state === undefined
    ? { batchItemFailures: [] }
    : { batchItemFailures: [], state: event.state };
}
