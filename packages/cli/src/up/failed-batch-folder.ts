import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { RuntimeEvent } from '@oncefold/local-runtime';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';

/**
 * Writes what on-failure buckets would have got into a folder, in the layout of the bucket, for `oncefold redrive --failed-batches`.
 *
 * A document is on the disk before its mapping goes on, as it is in the bucket.
 */
export function createFailedBatchFolder(folder: string): (event: RuntimeEvent) => void {
  const root = resolve(folder);
  try {
    mkdirSync(root, { recursive: true });
  } catch (cause) {
    throw new CouldNotRunError(`the folder ${folder} cannot be made`, { cause });
  }
  return (event) => {
    if (event.type !== 'destination-document' || event.objectKey === undefined) {
      return;
    }
    const file = join(root, ...event.objectKey.split('/'));
    if (!file.startsWith(root + sep)) {
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, event.document);
  };
}
