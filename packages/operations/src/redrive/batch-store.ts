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

const BATCH_PREFIX = 'aws/lambda/';
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

/** That a batch is not to be redriven, because a rebuild has made up for it. */
export interface DismissalNote {
  readonly dismissedAt: string;
  readonly dismissedBy: string;
}

/** A batch that was given up, as it lies in the store. */
export interface StoredBatch extends StoredObject {
  /** Whether it was redriven or dismissed. */
  readonly isDone: boolean;
}

/** All batches that were given up, without reading one. */
export async function* listBatches(store: BatchStore): AsyncGenerator<StoredBatch> {
  const done = new Set<string>();
  for await (const { key } of store.list(`${NOTE_PREFIX}${BATCH_PREFIX}`)) {
    done.add(key.slice(NOTE_PREFIX.length).replace(/\.json$/, ''));
  }
  for await (const object of store.list(BATCH_PREFIX)) {
    yield { ...object, isDone: done.has(object.key) };
  }
}

/** Deletes a batch that is done, and the note about it last. */
export async function deleteDone(store: BatchStore, batchKey: string): Promise<void> {
  await store.delete(batchKey);
  await store.delete(noteKeyOf(batchKey));
}

export async function writeNote(
  store: BatchStore,
  batchKey: string,
  note: RedriveNote | DismissalNote,
): Promise<void> {
  await store.write(noteKeyOf(batchKey), `${JSON.stringify(note)}\n`);
}

function noteKeyOf(batchKey: string): string {
  return `${NOTE_PREFIX}${batchKey}.json`;
}
