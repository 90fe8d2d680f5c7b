import { atOnce, requestOf } from './commands/request.ts';
import type { StoreRequest } from './store.ts';

/** Objects by their keys: where a mapping puts what it gives up. */
export interface Bucket {
  put(key: string, text: string): void;
  /** Requests of its clients. */
  readonly requests: {
    list(prefix: string): StoreRequest<readonly { readonly key: string; readonly bytes: number }[]>;
    read(key: string): StoreRequest<string>;
    write(key: string, text: string): StoreRequest<void>;
    delete(key: string): StoreRequest<void>;
  };
}

/** Makes an empty bucket, of which every read sees every write before it, as in S3. */
export function createBucket(): Bucket {
  const objects = new Map<string, string>();
  const request = <Answer>(summary: string, finish: () => Answer): StoreRequest<Answer> =>
    requestOf(summary, () => ({
      slots: [],
      begin: () => atOnce(finish),
      conflict: () => raise('OperationAborted'),
    }));
  return {
    put: (key, text) => void objects.set(key, text),
    requests: {
      list: (prefix) =>
        request(`ListObjects ${prefix}`, () =>
          [...objects]
            .filter(([key]) => key.startsWith(prefix))
            .map(([key, text]) => ({ key, bytes: text.length }))
            .sort((a, b) => (a.key < b.key ? -1 : 1)),
        ),
      read: (key) => request(`GetObject ${key}`, () => objects.get(key) ?? raise('NoSuchKey')),
      write: (key, text) => request(`PutObject ${key}`, () => void objects.set(key, text)),
      delete: (key) => request(`DeleteObject ${key}`, () => void objects.delete(key)),
    },
  };
}

function raise(name: string): never {
  throw Object.assign(new Error(`The bucket answers ${name}.`), { name });
}
