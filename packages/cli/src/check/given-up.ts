import { formatCounted } from '@oncefold/comparison/format-number';
import {
  type BatchStore,
  createFolderBatchStore,
  createS3BatchStore,
  listBatches,
  shortId,
} from '@oncefold/operations/redrive';
import { createAwsClients } from '../stack/aws-clients.ts';
import type { ConnectionOptions } from '../tables/connection.ts';
import type { PipelineTableOptions } from '../tables/pipeline-options.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';

/** How many batches are told by name. */
const TOLD_MAX = 20;

/** Batches that were given up and not redriven: what is in them may be in no sum, or why nothing is known of them. */
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

type GivenUpOptions = ConnectionOptions & Pick<PipelineTableOptions, 'bucket' | 'failedBatches' | 'stack'>;

/**
 * Lists batches that were given up and not redriven.
 *
 * Asked for after the tables were read, it misses none whose records they lack: a mapping goes on only when the batch is there.
 */
export async function findGivenUp(options: GivenUpOptions, signal: AbortSignal): Promise<GivenUpEvidence> {
  const { bucket, failedBatches, stack } = options;
  if (failedBatches !== undefined) {
    return await list(createFolderBatchStore(failedBatches), {
      place: `--failed-batches ${failedBatches}`,
      signal,
    });
  }
  if (bucket === undefined) {
    return { code: 'not-looked-for' };
  }
  const clients = createAwsClients(options);
  try {
    const place = stack === undefined ? `--bucket ${bucket}` : `--stack ${stack}`;
    return await list(createS3BatchStore(clients.s3, bucket), { place, signal });
  } finally {
    clients.destroy();
  }
}

async function list(
  store: BatchStore,
  { place, signal }: { readonly place: string; readonly signal: AbortSignal },
): Promise<GivenUpEvidence> {
  const first: { id: string; key: string }[] = [];
  let count = 0;
  try {
    for await (const { key, isRedriven } of listBatches(store)) {
      signal.throwIfAborted();
      if (!isRedriven) {
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
      return palette.good(
        `${verdict}: ${told}; without batches that were given up: --stack, --bucket or --failed-batches says where they are`,
      );
  }
}
