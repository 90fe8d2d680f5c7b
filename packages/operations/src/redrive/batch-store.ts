/** What lies where failed batches are kept. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Where Lambda puts the batches that were given up, and where a redrive notes what it did: a bucket, or a folder with the
 * same layout. Objects of Lambda are below {@link BATCH_PREFIX}, notes below {@link NOTE_PREFIX}.
 */
export interface BatchStore {
  /** All objects whose key begins so, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  read(key: string): Promise<string>;
  write(key: string, text: string): Promise<void>;
  delete(key: string): Promise<void>;
}

export const BATCH_PREFIX = 'aws/lambda/';
const NOTE_PREFIX = 'oncefold/redriven/';

/** What a redrive did, as it is kept beside the batch. */
export interface RedriveNote {
  readonly redrivenAt: string;
  readonly redrivenBy: string;
  readonly records: number;
  /** Records that the redrive applied, or put into the stream. */
  readonly sent: number;
  /** Records that were found applied. */
  readonly alreadyApplied: number;
}

/** The keys of the batches that were redriven. */
export async function listRedriven(store: BatchStore): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { key } of store.list(`${NOTE_PREFIX}${BATCH_PREFIX}`)) {
    keys.add(key.slice(NOTE_PREFIX.length).replace(/\.json$/, ''));
  }
  return keys;
}

/** Deletes a batch that was redriven, and the note about it last. */
export async function deleteRedriven(store: BatchStore, batchKey: string): Promise<void> {
  await store.delete(batchKey);
  await store.delete(noteKeyOf(batchKey));
}

export async function writeNote(store: BatchStore, batchKey: string, note: RedriveNote): Promise<void> {
  await store.write(noteKeyOf(batchKey), `${JSON.stringify(note)}\n`);
}

function noteKeyOf(batchKey: string): string {
  return `${NOTE_PREFIX}${batchKey}.json`;
}
