import { formatCounted } from '@oncefold/comparison/format-number';
import { type BatchStore, listBatches, shortId } from '@oncefold/operations/redrive';
import { NOT_LOOKED_FOR, openBatchStore } from '../redrive/open-batch-store.ts';
import { createAwsClients } from '../stack/aws-clients.ts';
import type { StackOptions } from '../stack/stack-option.ts';
import type { ConnectionOptions } from '../tables/connection.ts';
import type { FailedBatchOptions } from '../tables/failed-batch-options.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import { TOLD_MAX } from './evidence.ts';

/** Batches that were given up and neither redriven nor dismissed: what is in them may be in no sum, or why nothing is known of them. */
export type GivenUpEvidence =
  | {
      readonly code: 'found';
      readonly count: number;
      /** The first of them, with the ids by which `oncefold redrive` knows them. */
      readonly first: readonly { readonly id: string; readonly key: string }[];
      /** What lists and sends them. */
      readonly command: string;
    }
  /** The place is known, and could not be listed. */
  | { readonly code: 'unknown'; readonly reason: string }
  /** The place was not named. */
  | { readonly code: 'not-looked-for' };

type GivenUpOptions = ConnectionOptions & FailedBatchOptions & Pick<StackOptions, 'stack' | 'given'>;

/**
 * Lists batches that were given up and neither redriven nor dismissed.
 *
 * Asked for after the tables were read, it misses none whose records they lack: a mapping goes on only when the batch is there.
 */
export async function findGivenUp(options: GivenUpOptions, signal: AbortSignal): Promise<GivenUpEvidence> {
  const clients = createAwsClients(options);
  try {
    const store = openBatchStore(options, clients.s3);
    return store === undefined
      ? { code: 'not-looked-for' }
      : await list(store, { place: placeOf(options), signal });
  } finally {
    clients.destroy();
  }
}

/** The place, as `oncefold redrive` is told it. */
function placeOf({ bucket, failedBatches, stack, given = [] }: GivenUpOptions): string {
  const words = stack === undefined ? [] : [`--stack ${stack}`];
  if (failedBatches !== undefined) {
    words.push(`--failed-batches ${failedBatches}`);
  } else if (stack === undefined || given.includes('bucket')) {
    words.push(`--bucket ${bucket}`);
  }
  return words.join(' ');
}

async function list(
  store: BatchStore,
  { place, signal }: { readonly place: string; readonly signal: AbortSignal },
): Promise<GivenUpEvidence> {
  const first: { id: string; key: string }[] = [];
  let count = 0;
  try {
    for await (const { key, isDone } of listBatches(store)) {
      signal.throwIfAborted();
      if (!isDone) {
        count += 1;
        first.push(...(first.length < TOLD_MAX ? [{ id: shortId('b', key), key }] : []));
      }
    }
    return { code: 'found', count, first, command: `npm run oncefold -- redrive ${place}` };
  } catch (error) {
    signal.throwIfAborted();
    // What was found before is told all the same: this comes last.
    return { code: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether sums that are equal on both sides may lack something that was given up. */
export function mayLack(givenUp: GivenUpEvidence): boolean {
  return givenUp.code === 'unknown' || (givenUp.code === 'found' && givenUp.count > 0);
}

/**
 * The last line about sums that are equal on both sides: it claims no more than is known.
 *
 * @param verdict - `exact` or `repaired`
 * @param told - what was compared
 */
export function equalLine(
  { verdict, told }: { readonly verdict: 'exact' | 'repaired'; readonly told: string },
  givenUp: GivenUpEvidence,
  palette: Palette,
): string {
  switch (givenUp.code) {
    case 'found': {
      if (givenUp.count === 0) {
        return palette.good(`${verdict}: ${told}`);
      }
      const batches = formatCounted(givenUp.count, 'batch that was', 'batches that were');
      return palette.warning(
        printable(`${verdict} but for ${batches} given up: \`${givenUp.command}\`; ${told}`),
      );
    }
    case 'unknown':
      return palette.warning(
        printable(`${verdict} but for batches that may have been given up (${givenUp.reason}); ${told}`),
      );
    case 'not-looked-for':
      return palette.good(`${verdict}: ${told}; ${NOT_LOOKED_FOR}`);
  }
}
