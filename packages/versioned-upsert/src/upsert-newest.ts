import { assertKnownOptions, StrategyError } from '@oncefold/commit';
import { type RequestClock, startAttempts, systemRequestClock } from './attempts.ts';
import { countOutcomes, type Decision, type OutcomeCounts, type Refusal } from './decision.ts';
import { compareVersions, type WritableVersion } from './item-form.ts';
import { mapWithLimit, type RequestOptions } from './request-all.ts';
import { itemIdentifiersOf, type UpsertEvent } from './upsert-event.ts';
import { UpsertFailedError } from './upsert-failed-error.ts';
import { upsertInOrder } from './upsert-in-order.ts';
import type { VersionedTable } from './versioned-table.ts';

/** What is read of the Lambda context. */
export interface LambdaContext {
  readonly getRemainingTimeInMillis: () => number;
}

/** A record that is not applied, and will not be when it is delivered again. */
export interface RefusedRecord<Record = unknown> {
  /** As the event has it, with its raw data. */
  readonly record: Record;
  /** Its place in the event, from 0. */
  readonly index: number;
  readonly outcome: 'conflict' | 'quarantined';
  /** `version-conflict`, `unreadable-item`, `unwritable-item`, `invalid-…`, or the text of {@link ItemVersion}'s `invalid`. */
  readonly reason: string;
}

/** What became of the record at this place of the event. */
export type RecordDecision =
  | Exclude<Decision, Refusal>
  | { readonly outcome: 'conflict' | 'quarantined'; readonly reason: string };

/** What became of a batch, for logs and metrics; no content of records. */
export interface UpsertReport {
  /** How many records have which outcome; the sum is the number of records. */
  readonly counts: OutcomeCounts;
  /** One decision per record, in the order of the event. */
  readonly decisions: readonly RecordDecision[];
}

/** Options of {@link upsertNewest}. An unknown one is refused, so that a misspelt one is not ignored. */
export interface UpsertOptions<Version = unknown, Event extends UpsertEvent = UpsertEvent> {
  readonly table: VersionedTable<Version>;
  /**
   * Takes a record that is refused, and resolves when it is kept, for example in a quarantine table or a queue. It may get a
   * record twice, so it should name what it keeps by the record. If it throws, the record fails.
   *
   * `'fail'`: a refused record fails, and with it all that follows in its shard, until the mapping gives the batch up.
   */
  readonly onRefused:
    | 'fail'
    | ((refused: RefusedRecord<Event['Records'][number]>, signal: AbortSignal) => Promise<void> | void);
  /**
   * The mapping has `FunctionResponseTypes: [ReportBatchItemFailures]`: records that failed are answered, and only they and what
   * follows them are delivered again. Without it the invocation fails, because such a mapping takes every answer for success.
   */
  readonly reportBatchItemFailures?: boolean;
  /** Told what became of every batch. What it throws fails the invocation, after the writes. */
  readonly onUpserted?: (report: UpsertReport, event: Event) => void | Promise<void>;
  /** Kept back from the function's timeout, in milliseconds, so that the answer is given before it. Default 1,000. */
  readonly reserveMs?: number;
  /** Requests in flight at once. Default 4. */
  readonly requestsMax?: number;
  readonly clock?: RequestClock;
}

/** Answer to the mapping; `state` only where it has a tumbling window. */
export type UpsertResponse<Event = UpsertEvent> = {
  batchItemFailures: { itemIdentifier: string }[];
} & (Event extends {
  readonly window: object;
}
  ? { state: Record<string, unknown> }
  : { state?: unknown });

/** Says which version each record brings: one element per record, in the order of the event. It writes nothing. */
export type ReadVersions<Version, Event extends UpsertEvent, Context extends LambdaContext> = (
  event: Event,
  context: Context,
) => Promise<readonly Version[]> | readonly Version[];

const OPTION_NAMES: readonly (keyof UpsertOptions)[] = [
  'table',
  'onRefused',
  'reportBatchItemFailures',
  'onUpserted',
  'reserveMs',
  'requestsMax',
  'clock',
];

const RESERVE_MS_DEFAULT = 1_000;
/** More bring nothing: measured in docs/decisions/0050. */
const REQUESTS_DEFAULT = 4;

/**
 * Makes a Lambda handler that keeps the newest version of each item, whatever order and however often records arrive.
 *
 * A version is written if it is newer than the existing one, by a condition of the write itself; so other processes, redelivered
 * batches and late requests change nothing about what the table holds in the end. Every record ends as exactly one of applied,
 * duplicate, stale, conflict, quarantined or failed. A refused record is handed to `onRefused` before any later version of its
 * item is decided, so that none hides a conflict, and what failed is delivered again with all later versions of its item.
 *
 * What the table's stream says (old and new image) is exact: fold it with `commitOnce` and `contributionOfChange`.
 *
 * @param options - an unknown one is refused
 * @param read - from event to versions; a Middy handler will do
 * @returns the handler. It ends within the invocation's time; what is not decided by then has failed.
 * @throws {@link StrategyError} when an option is missing or unknown, or `read` is no function
 *
 * @example
 * ```ts
 * import { createMemoryTable } from '@oncefold/versioned-upsert/memory';
 * import { upsertNewest } from '@oncefold/versioned-upsert';
 * import type { SQSEvent } from 'aws-lambda';
 *
 * const table = createMemoryTable({
 *   key: { Sku: 'S', Shelf: 'N' },
 *   version: { name: 'Version', type: 'N' },
 *   attributes: ['Pieces'],
 * });
 * export const handler = upsertNewest({ table, onRefused: 'fail' }, (event: SQSEvent) =>
 *   event.Records.map(({ body }) => {
 *     const { sku, shelf, version, pieces } = JSON.parse(body);
 *     return { key: { Sku: sku, Shelf: shelf }, version, attributes: { Pieces: { N: String(pieces) } } };
 *   }),
 * );
 * ```
 */
export function upsertNewest<
  Version,
  Event extends UpsertEvent,
  Context extends LambdaContext = LambdaContext,
>(
  options: UpsertOptions<Version, Event>,
  read: ReadVersions<NoInfer<Version>, Event, Context>,
): (event: Event, context: Context) => Promise<UpsertResponse<Event>> {
  assertOptions(options, read);
  const { reserveMs = RESERVE_MS_DEFAULT, clock = systemRequestClock } = options;
  return async (event, context) => {
    const startedMs = clock.now();
    const durationMs = context.getRemainingTimeInMillis() - reserveMs;
    const identifiers = itemIdentifiersOf(event);
    const records: readonly Event['Records'][number][] = [...event.Records];
    const versions: unknown = await read(event, context);
    if (!Array.isArray(versions) || versions.length !== records.length) {
      throw new StrategyError(
        `upsertNewest: the function must return one version per record, ${records.length} in a list`,
      );
    }
    const attempts = startAttempts(clock, durationMs - (clock.now() - startedMs));
    const decisions = await decide(records, versions, {
      ...options,
      attempts,
      requestsMax: options.requestsMax ?? REQUESTS_DEFAULT,
    });
    await options.onUpserted?.({ counts: countOutcomes(decisions), decisions }, event);
    const failed = new Set(
      identifiers.filter((_identifier, index) => decisions[index]?.outcome === 'failed'),
    );
    if (failed.size > 0 && options.reportBatchItemFailures !== true) {
      throw new UpsertFailedError(reasonsOf(decisions), { records: records.length });
    }
    // A mapping with a tumbling window wants its state back.
    const state = event.state ?? (event.window === undefined ? undefined : {});
    return {
      batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })),
      ...(state !== undefined && { state }),
    } as UpsertResponse<Event>;
  };
}

function assertOptions(options: object, read: unknown): void {
  assertKnownOptions('upsertNewest', options, { known: OPTION_NAMES, required: ['table', 'onRefused'] });
  const { table, onRefused, onUpserted, reserveMs = 0, requestsMax = 1 } = options as Partial<UpsertOptions>;
  if (typeof table?.write !== 'function' || typeof table.form?.read !== 'function') {
    throw new StrategyError(
      'upsertNewest: table is what versionedTable or createMemoryTable returns, not a name',
    );
  }
  if (onRefused !== 'fail' && typeof onRefused !== 'function') {
    throw new StrategyError("upsertNewest: onRefused is a function that keeps a record, or 'fail'");
  }
  if (onUpserted !== undefined && typeof onUpserted !== 'function') {
    throw new StrategyError('upsertNewest: onUpserted is a function');
  }
  if (!(reserveMs >= 0)) {
    throw new StrategyError('upsertNewest: reserveMs is a number of milliseconds from 0');
  }
  if (!Number.isInteger(requestsMax) || requestsMax < 1) {
    throw new StrategyError('upsertNewest: requestsMax is an integer from 1');
  }
  if (typeof read !== 'function') {
    throw new StrategyError('upsertNewest: the second argument is a function from event to versions');
  }
}

/** A record on its way, with its place in the event. */
type Arrived =
  | { readonly index: number; readonly code: 'valid'; readonly version: WritableVersion }
  | { readonly index: number; readonly code: 'invalid'; readonly reason: string };

type DecideOptions = RequestOptions & Pick<UpsertOptions<never, never>, 'table' | 'onRefused'>;

async function decide<Record>(
  records: readonly Record[],
  versions: readonly unknown[],
  options: DecideOptions,
): Promise<RecordDecision[]> {
  const { table, attempts, requestsMax } = options;
  const refuse = refuserOf(records, options);
  const arrived = versions.map((given, index): Arrived => {
    const version = table.form.read(given);
    return 'invalid' in version
      ? { index, code: 'invalid', reason: version.invalid }
      : { index, code: 'valid', version };
  });
  const valid = arrived.filter((one) => one.code === 'valid');
  const decisions = await upsertInOrder(
    valid,
    {
      keyOf: ({ version }) => version.keyText,
      writesMax: table.writesMax,
      write: (writes, signal) =>
        table.write(
          writes.map(({ mode, version: { version } }) => ({ mode, version })),
          signal,
        ),
      existingAfter: ({ version }) => version,
      compare: ({ version }, existing) => compareVersions(version, existing),
      refuse: ({ index }, { outcome, reason }, signal) => refuse({ index, outcome, reason }, signal),
    },
    { attempts, requestsMax },
  );
  return mapWithLimit(arrived, requestsMax, async (one): Promise<RecordDecision> => {
    if (one.code === 'valid') {
      // Each version that was given has its decision.
      return decisions.get(one) as RecordDecision;
    }
    const refusal = { outcome: 'quarantined', reason: one.reason } as const;
    const failure = await refuse({ index: one.index, ...refusal }, attempts.signal);
    return failure === undefined ? refusal : { outcome: 'failed', reason: failure };
  });
}

/** Makes the function that hands a record over, and says why that failed. */
function refuserOf<Record>(
  records: readonly Record[],
  { onRefused }: Pick<UpsertOptions<never, never>, 'onRefused'>,
): (refused: Omit<RefusedRecord, 'record'>, signal: AbortSignal) => Promise<string | undefined> {
  return async (refused, signal) => {
    if (onRefused === 'fail') {
      return refused.reason;
    }
    if (signal.aborted) {
      return 'no-time-to-hand-over';
    }
    const { promise: over, resolve: end } = Promise.withResolvers<string>();
    const stop = () => end('no-time-to-hand-over');
    signal.addEventListener('abort', stop);
    try {
      const handOver = async () => {
        await onRefused({ ...refused, record: records[refused.index] as never }, signal);
        return undefined;
      };
      return await Promise.race([handOver(), over]);
    } catch {
      return 'hand-over-failed';
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}

function reasonsOf(decisions: readonly RecordDecision[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const decision of decisions) {
    if (decision.outcome === 'failed') {
      reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1;
    }
  }
  return reasons;
}
