import type { Logger } from '@aws-lambda-powertools/logger';
import { type CommitReport, type Identification, type Strategy, StrategyError } from '@oncefold/commit';
import {
  type CommitOnceOptions,
  type CommitResponse,
  commitOnce,
  type Fold,
  type LambdaContext,
  type StreamEvent,
} from '@oncefold/middleware';
import { isRefusedByGuard } from '../recount/recount-guard.ts';
import { RedriveRefusedError } from './redrive-refused-error.ts';
import { readRedriveRequest } from './redrive-request.ts';

/** What a batch that was given up is committed with, or why it cannot be. */
export type RedriveDoor =
  | { readonly code: 'open'; readonly strategy: Strategy }
  | { readonly code: 'closed'; readonly reason: string };

/** What the function answers to a redrive. */
export interface RedriveAnswer {
  readonly redriven: {
    readonly records: number;
    /** Records that were applied by this redrive. */
    readonly applied: number;
    /** Records that had been applied before, or by another redrive. */
    readonly alreadyApplied: number;
  };
}

/** What {@link withRedrive} makes a handler of. */
export interface RedriveOptions<Event extends StreamEvent>
  extends Pick<
    CommitOnceOptions<Event>,
    'transactions' | 'strategy' | 'effect' | 'recordId' | 'clock' | 'onCommitted'
  > {
  readonly door: RedriveDoor;
  readonly logger: Pick<Logger, 'info'>;
  /** Names a record for the door: as `ledger` of the stage does. By default its `eventID`. */
  readonly redriveId?: (record: Event['Records'][number]) => string | undefined;
}

/**
 * A handler that commits the batches of its mapping, and takes batches that the mapping has given up through a door of their own.
 *
 * A redrive adds the same, by the same fold; only its guard is another one. It publishes no metrics: the age of its records says
 * nothing about how the stage does.
 */
export function withRedrive<Event extends StreamEvent, Context extends LambdaContext>(
  options: RedriveOptions<Event>,
  fold: Fold<Event, Context>,
): (event: Event, context: Context) => Promise<CommitResponse<Event> | RedriveAnswer> {
  const { door, logger, redriveId, ...commit } = options;
  const handle = commitOnce<Event, Context, Identification>(commit, fold);
  return async (event, context) => {
    const request = readRedriveRequest(event);
    if (request === undefined) {
      return handle(event, context);
    }
    if (door.code === 'closed') {
      throw new StrategyError(`redrive: ${door.reason}`);
    }
    let report: CommitReport | undefined;
    const redrive = commitOnce<Event, Context, Identification>(
      {
        transactions: commit.transactions,
        effect: commit.effect,
        strategy: door.strategy,
        ...(commit.clock === undefined ? {} : { clock: commit.clock }),
        ...(redriveId === undefined ? {} : { recordId: redriveId }),
        onCommitted: (made) => {
          report = made;
        },
      },
      fold,
    );
    const { Records } = event;
    try {
      await redrive({ ...event, shardId: request.shardId }, context);
    } catch (error) {
      throw isRefusedByGuard(error) ? new RedriveRefusedError('recount-runs', { cause: error }) : error;
    }
    const redriven = {
      records: Records.length,
      applied: report?.applied.length ?? 0,
      alreadyApplied: (report?.alreadyApplied.length ?? 0) + (report?.appliedUnconfirmed.length ?? 0),
    };
    logger.info('Batch redriven', { ...redriven, shardId: request.shardId });
    return { redriven };
  };
}
