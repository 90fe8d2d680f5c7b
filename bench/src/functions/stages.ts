import { checkpoint, incrementEach, ledger, rowOfSums, type TransactionPort } from '@oncefold/commit';
import { foldChanges } from '@oncefold/map-function/fold-changes';
import { commitOnce, type LambdaContext } from '@oncefold/middleware';
import { foldRows } from '@oncefold/reduce-function/fold-rows';
import { rowId } from '@oncefold/reduce-function/row-id';
import { processBatch } from '@oncefold/state-function/process-batch';
import { isRecountKey } from '@oncefold/trades';
import { systemRequestClock } from '@oncefold/versioned-upsert';
import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';
import { hierarchy } from '../lab.ts';

const NAMESPACE = 'production';
const RETENTION_SECONDS = 691_200;
/** Far more than any batch takes. */
const REMAINING_MS = 600_000;

const noRecounts = { newest: 0, running: undefined, repairs: [], owner: '' };
const context: LambdaContext = { awsRequestId: 'request', getRemainingTimeInMillis: () => REMAINING_MS };

/** The fold of the map function, without a recount. */
export const foldOfMap: ReturnType<typeof foldChanges> = foldChanges({
  changes: {
    unrecordedHierarchy: hierarchy,
    expiredTrades: 'retract',
    quarantine: { namespace: NAMESPACE, consumer: 'map', table: 'QuarantineTable' },
  },
  readRecounts: async () => noRecounts,
  recountGuard: {
    prepare: async () => undefined,
    actionFor: () => {
      throw new Error('invariant: no batch of the figures is handed in again');
    },
    strayActions: () => [],
  },
});

/** The fold of the reduce function, without a recount. */
export const foldOfReduce: ReturnType<typeof foldRows> = foldRows({
  rows: {
    identifiesBy: 'id',
    countsRecount: false,
    quarantine: { namespace: NAMESPACE, consumer: 'reduce', table: 'QuarantineTable' },
  },
  recounts: undefined,
});

/** A function of the pipeline as it is deployed by default, but for its store: that takes everything, and tells when it is asked to. */
export type Stage<Event> = (event: Event, onRequest: () => void) => Promise<unknown>;

export const map: Stage<DynamoDBStreamEvent> = (event, onRequest) =>
  commitOnce(
    {
      transactions: takingAll(onRequest),
      strategy: checkpoint({
        namespace: NAMESPACE,
        consumer: 'map',
        table: 'PositionTable',
        startsTable: 'LedgerTable',
        parallelizationFactor: 1,
        ranges: { retentionSeconds: RETENTION_SECONDS, now: Date.now },
      }),
      effect: rowOfSums({
        table: 'ReduceTable',
        key: 'MessageId',
        attribute: 'Message',
        expiry: { attribute: 'ExpiresAt', afterSeconds: RETENTION_SECONDS, now: Date.now },
        apart: { attribute: 'Recount', holds: isRecountKey },
      }),
    },
    foldOfMap,
  )(event, context);

export const reduce: Stage<DynamoDBStreamEvent> = (event, onRequest) =>
  commitOnce(
    {
      transactions: takingAll(onRequest),
      strategy: ledger({
        namespace: NAMESPACE,
        consumer: 'reduce',
        table: 'LedgerTable',
        retentionSeconds: RETENTION_SECONDS,
        // The events are of a certain day.
        now: () => (event.Records[0]?.dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000,
      }),
      effect: incrementEach({ table: 'AggregateTable', key: 'Identifier', attribute: 'Value' }),
      recordId: rowId,
    },
    foldOfReduce,
  )(event, context);

export const state: Stage<KinesisStreamEvent> = (event, onRequest) => {
  const answer = <Result>(requests: readonly unknown[], result: Result): readonly Result[] => {
    onRequest();
    return requests.map(() => result);
  };
  return processBatch(
    event,
    REMAINING_MS,
    {
      state: {
        writesMax: 25,
        write: async (writes) => answer(writes, { code: 'written' }),
        keysMax: 100,
        find: async (ids) => answer(ids, { code: 'absent' }),
      },
      quarantine: {
        itemsMax: 25,
        put: async (items) => answer(items, { code: 'written' }),
        keysMax: 100,
        find: async (keys) => answer(keys, { code: 'absent' }),
      },
      accounting: {
        advance: async () => {
          onRequest();
          return { code: 'advanced' };
        },
      },
      clock: systemRequestClock,
      readRecounts: async () => noRecounts,
    },
    { hierarchy, namespace: NAMESPACE, consumer: 'state', requestsMax: 4 },
  );
};

function takingAll(onRequest: () => void): TransactionPort {
  return {
    async transact() {
      onRequest();
      return { code: 'committed', replayed: false, units: { read: 0, write: 0 } };
    },
  };
}
