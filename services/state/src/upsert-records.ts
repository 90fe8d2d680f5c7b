import {
  type Comparison,
  type Refusal,
  type RequestOptions,
  upsertInOrder,
  type Decision as VersionDecision,
} from '@oncefold/versioned-upsert';
import { compareVersion } from './compare-version.ts';
import { type DecidedRecord, type Decision, versionConflict } from './decided-record.ts';
import type { StoredVersion, VersionStore } from './state-store.ts';
import type { StreamRecord } from './stream-record.ts';

type ValidRecord = Extract<StreamRecord, { readonly code: 'valid' }>;

/** How the records of a batch are written. */
export interface UpsertOptions extends RequestOptions {
  /** Number of the newest recount; 0 for none. */
  readonly recount: number;
}

/** What the table holds of a trade; the history of one that was updated in this batch is not known. */
type KnownVersion = Omit<StoredVersion, 'history'> & {
  readonly history: StoredVersion['history'] | undefined;
};

/**
 * Writes the versions that are newer than those in the table, and decides what becomes of each record, as
 * {@link upsertInOrder} does.
 *
 * @returns the records in their order; after a `failed` one all later ones of that trade are `failed`; those to be quarantined
 *   are not quarantined yet
 */
export async function upsertRecords(
  records: readonly StreamRecord[],
  store: VersionStore,
  { recount, ...options }: UpsertOptions,
): Promise<DecidedRecord[]> {
  const valid = records.filter((record) => record.code === 'valid');
  const decisions = await upsertInOrder<ValidRecord, KnownVersion>(
    valid,
    {
      keyOf: ({ trade }) => trade.tradeId,
      writesMax: store.writesMax,
      write: (writes, signal) =>
        store.write(
          writes.map(({ mode, version: { trade, recordKey, reference } }) => {
            return { mode, trade, recordKey, reference, recount };
          }),
          signal,
        ),
      // An item that was just inserted has no other entries.
      existingAfter: ({ trade, recordKey }, mode) => ({
        version: trade.version,
        recordId: recordKey,
        trade,
        history: mode === 'insert' ? [] : undefined,
      }),
      compare: compareKnown,
    },
    options,
  );
  return records.map((record): DecidedRecord => {
    if (record.code === 'invalid') {
      const { reason, detail = '' } = record;
      return { record, decision: { outcome: 'quarantined', reason, detail } };
    }
    return { record, decision: decisionOf(decisions.get(record)) };
  });
}

/**
 * The table is asked about an older version that may have been written before although the one before it is written only
 * now. (That one was refused then, by other dimensions.)
 */
function compareKnown(record: ValidRecord, { history, ...stored }: KnownVersion): Comparison {
  if (history === undefined && record.trade.version < stored.version) {
    return 'newer';
  }
  return compareVersion(record, { ...stored, history: history ?? [] });
}

/** Reasons as the quarantine table names them. */
const reasons: Readonly<Record<Extract<Refusal, { outcome: 'quarantined' }>['reason'], string>> = {
  'unreadable-item': 'unreadable-state',
  'unwritable-item': 'unwritable-state',
};

function decisionOf(decision: VersionDecision | undefined): Decision {
  if (decision === undefined) {
    throw new Error('A record was not decided.');
  }
  if (decision.outcome === 'conflict') {
    return versionConflict;
  }
  if (decision.outcome === 'quarantined') {
    return { outcome: decision.outcome, reason: reasons[decision.reason], detail: '' };
  }
  return decision;
}
