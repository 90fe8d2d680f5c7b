import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { BatchStore } from './batch-store.ts';
import { RedriveRefusedError } from './errors.ts';

/** A folder in the layout of the bucket, as `oncefold up --failed-batches` writes it. */
export function createFolderBatchStore(folder: string): BatchStore {
  const root = resolve(folder);
  const fileOf = (key: string): string => {
    const file = join(root, ...key.split('/'));
    if (!file.startsWith(root + sep)) {
      throw new RedriveRefusedError(`the key ${key} leads out of the folder`);
    }
    return file;
  };
  return {
    async *list(prefix) {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const keys = entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((key) => key.startsWith(prefix));
      for (const key of keys.sort()) {
        yield { key, bytes: (await stat(fileOf(key))).size };
      }
    },
    read: (key) => readFile(fileOf(key), 'utf8'),
    async write(key, text) {
      await mkdir(dirname(fileOf(key)), { recursive: true });
      await writeFile(fileOf(key), text);
    },
    delete: (key) => rm(fileOf(key)),
  };
}
