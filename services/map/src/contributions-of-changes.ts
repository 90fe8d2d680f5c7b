import type { Action } from '@oncefold/commit';
import { type GuardedRecounts, guardedBy, RedriveRefusedError } from '@oncefold/function-kit';
import { type ImageOf, type RecordContribution, readImages } from '@oncefold/middleware';
import { type QuarantineOptions, quarantineRecord, type Refusal } from '@oncefold/middleware/quarantine';
import { type Contribution, type Decimal, type Hierarchy, sumContributions } from '@oncefold/reducer';
import {
  contributionAfterRepairs,
  contributionOfTradeChange,
  contributionToRecount,
  createImageReader,
  type ReadImage,
  type RecountedItem,
  recountCounterKey,
  recountMarkOf,
  recountOfPost,
  repairsSince,
  stateImageOf,
} from '@oncefold/trades';
import type { DynamoDBRecord } from 'aws-lambda';

export interface ChangesOptions {
  /** The levels by which trades are and were summed whose items record none. */
  readonly unrecordedHierarchy: Hierarchy;
  /** Whether a trade that DynamoDB removed because its time to live was over retracts its value, or keeps it. */
  readonly expiredTrades: 'retract' | 'keep';
  readonly quarantine: QuarantineOptions;
  /**
   * What is known of recounts, read after the batch had arrived: a change that is in a recount came after its start. With a guard, the changes
   * were given up by their mapping and are handed in again.
   */
  readonly recounts?: Partial<GuardedRecounts> | undefined;
  /** Written with each change that is not in the recount that runs. */
  readonly strayActions?: readonly Action[] | undefined;
}

type Change = Parameters<typeof contributionAfterRepairs>[1];

/**
 * Turns changes of the state table into what each adds to the aggregates: new image minus old image, rolled up.
 *
 * An image that is no trade adds nothing, neither when it is written nor when it is removed, and its record is quarantined; so the
 * aggregates are at all times the sum over the trades that exist in the table.
 *
 * @param readTrade - kept from batch to batch, because it remembers where trades are
 */
export function contributionsOfChanges(
  records: readonly DynamoDBRecord[],
  options: ChangesOptions,
  readTrade: ReadImage = createImageReader(options.unrecordedHierarchy),
): readonly RecordContribution<Decimal>[] {
  const { running, guard } = options.recounts ?? {};
  if (running !== undefined && guard !== undefined) {
    throw new RedriveRefusedError('recount-runs');
  }
  return readImages(records, 'NEW_AND_OLD_IMAGES').map(({ record, oldImage, newImage }) => {
    if (options.expiredTrades === 'keep' && isExpiry(record)) {
      return { contribution: new Map() };
    }
    const before = readItem(oldImage, readTrade);
    const after = readItem(newImage, readTrade);
    const writtenAt = record.dynamodb?.ApproximateCreationDateTime;
    const contribution = contributionOf({ before, after, writtenAt }, options);
    // A bad old image was quarantined when it was the new one, and a mark of a recount changes nothing else.
    const added =
      after.refusal === undefined || (before.refusal !== undefined && isMarked(before, after))
        ? { contribution }
        : { contribution, ...quarantineRecord(record, after.refusal, options.quarantine) };
    return guardedBy(guardsOf(contribution, options), added);
  });
}

/** The writes that keep a change and a repair of a recount apart. */
function guardsOf(
  contribution: Contribution,
  { recounts: { running, guard } = {}, strayActions = [] }: ChangesOptions,
): readonly Action[] {
  if (guard !== undefined) {
    return [guard];
  }
  const isStray = running !== undefined && contribution.has(recountCounterKey(running.number, 'outside'));
  return isStray ? strayActions : [];
}

function contributionOf(change: Change, options: ChangesOptions): Contribution {
  const { recounts: { running } = {}, expiredTrades } = options;
  const toAggregates = contributionOfTradeChange(change.before.trade, change.after.trade);
  const lacking = contributionAfterRepairs(repairsBehind(change, options.recounts), change, toAggregates);
  if (lacking === 'undecided') {
    throw new RedriveRefusedError('undecided');
  }
  return running === undefined
    ? lacking
    : sumContributions([lacking, contributionToRecount(running, change, expiredTrades === 'keep')]);
}

/**
 * The repairs that may have made up for a change.
 *
 * Its own mapping delivers a change before any repair that began after it: a rebuild waits for that. So only what it had given up comes
 * later, from a new mapping that begins with the oldest record. Where the time does not tell, it is not taken for that. Nor is it behind
 * a repair that was written in part only: what is redelivered must not wait for that, and its guard knows it.
 */
function repairsBehind({ writtenAt }: Change, { repairs = [], guard }: Partial<GuardedRecounts> = {}) {
  return guard === undefined && repairs.length > 0
    ? repairsSince(repairs, writtenAt).filter(({ isPartial }) => isPartial !== true)
    : repairs;
}

function isMarked({ mark: before }: RecountedItem, { mark: after }: RecountedItem): boolean {
  return after !== undefined && (before?.number !== after.number || before.wave !== after.wave);
}

interface ReadItem extends RecountedItem {
  /** Why there is no trade, where there is an item that is to be one. */
  readonly refusal?: Refusal | undefined;
}

const NO_ITEM: ReadItem = { exists: false, mark: undefined, trade: undefined, refusal: undefined };

function readItem(image: ImageOf<DynamoDBRecord> | undefined, readTrade: ReadImage): ReadItem {
  if (image === undefined) {
    return NO_ITEM;
  }
  const mark = recountMarkOf(image);
  const result = readTrade(stateImageOf(image));
  if (result.code === 'valid') {
    return { exists: true, mark, trade: result.trade, refusal: undefined };
  }
  const refusal =
    recountOfPost(image) === undefined ? { reason: result.reason, detail: result.field ?? '' } : undefined;
  return { exists: true, mark, trade: undefined, refusal };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
function isExpiry(record: DynamoDBRecord): boolean {
  return (
    record.eventName === 'REMOVE' &&
    record.userIdentity?.type === 'Service' &&
    record.userIdentity.principalId === 'dynamodb.amazonaws.com'
  );
}
