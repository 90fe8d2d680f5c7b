import {
  type BatchStore,
  type RedriveAccess,
  RedriveRefusedError,
  redriveBatch,
  redriveQuarantined,
  wayOf,
  writeNote,
} from '@oncefold/operations/redrive';
import type { TableAccess } from '@oncefold/operations/tables';
import { lineOf } from './line-of.ts';
import type { Entry } from './list-open.ts';
import type { RedriveOptions } from './redrive-options.ts';

/** What became of one entry. */
export type Sent = { readonly id: string; readonly name: string } & (
  | { readonly outcome: 'would-send'; readonly records: number; readonly way: string }
  | {
      readonly outcome: 'sent';
      readonly records: number;
      readonly sent: number;
      readonly alreadyApplied: number;
    }
  | { readonly outcome: 'applied-since' }
  | { readonly outcome: 'would-dismiss' | 'dismissed' }
  | { readonly outcome: 'refused' | 'failed'; readonly reason: string }
);

/** What is sent with. */
export interface Sending {
  readonly store: BatchStore | undefined;
  readonly tables: TableAccess;
  readonly access: RedriveAccess;
  readonly options: Pick<RedriveOptions, 'quarantineTable' | 'stateTable' | 'delete' | 'dryRun'>;
  readonly mended: Uint8Array | undefined;
}

/** Notes that a batch, or what should be one, is not to be sent any more. */
export async function dismissEntry(entry: Entry, { store, access, options }: Sending): Promise<Sent> {
  const { id } = entry;
  const { name } = lineOf(entry);
  const reason = reasonNotToDismiss(entry);
  if (reason !== undefined || store === undefined) {
    return { id, name, outcome: 'refused', reason: reason ?? 'no place of batches was named' };
  }
  if (options.dryRun) {
    return { id, name, outcome: 'would-dismiss' };
  }
  const dismissedAt = new Date(access.now()).toISOString();
  try {
    await writeNote(store, name, { dismissedAt, dismissedBy: access.by });
    return { id, name, outcome: 'dismissed' };
  } catch (error) {
    return { id, name, outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function reasonNotToDismiss(entry: Entry): string | undefined {
  if (entry.kind === 'quarantined') {
    return 'a quarantined record stays as it is, and keeps no sum from being exact';
  }
  return entry.kind === 'batch' && wayOf(entry.batch) === 'stream'
    ? 'its records are in no trade, so no rebuild makes up for it: send it again'
    : undefined;
}

/** Sends one entry; what is wrong with it does not keep the others from being sent. */
export async function sendEntry(entry: Entry, sending: Sending): Promise<Sent> {
  const { name, records, way } = lineOf(entry);
  const common = { id: entry.id, name };
  try {
    if (entry.kind === 'unreadable') {
      return { ...common, outcome: 'refused', reason: `${entry.key} is no batch of Lambda: ${entry.reason}` };
    }
    if (sending.options.dryRun) {
      return { ...common, outcome: 'would-send', records, way };
    }
    return { ...common, ...(await send(entry, sending)) };
  } catch (error) {
    sending.tables.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { ...common, outcome: error instanceof RedriveRefusedError ? 'refused' : 'failed', reason };
  }
}

async function send(entry: Exclude<Entry, { kind: 'unreadable' }>, sending: Sending) {
  const { store, tables, access, options, mended } = sending;
  if (entry.kind === 'quarantined') {
    const { quarantineTable, stateTable } = options;
    const made = await redriveQuarantined(entry.record, {
      tables,
      quarantineTable,
      stateTable,
      access,
      mended,
    });
    return made.code === 'sent'
      ? ({ outcome: 'sent', records: 1, sent: 1, alreadyApplied: 0 } as const)
      : ({ outcome: 'applied-since' } as const);
  }
  const { batch } = entry;
  if (store === undefined) {
    throw new Error('invariant: a batch has a store');
  }
  const { records, sent, alreadyApplied } = await redriveBatch(batch, {
    store,
    access,
    deletes: options.delete,
  });
  return { outcome: 'sent', records, sent, alreadyApplied } as const;
}
