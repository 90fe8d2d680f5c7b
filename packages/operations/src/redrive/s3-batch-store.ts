import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BatchStore } from './batch-store.ts';

/** The bucket of failed batches. The client may retry by itself: every request can be made twice. */
export function createS3BatchStore(client: Pick<S3Client, 'send'>, bucket: string): BatchStore {
  const Bucket = bucket;
  return {
    async *list(prefix) {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken }),
        );
        for (const { Key, Size = 0 } of page.Contents ?? []) {
          if (Key !== undefined) {
            yield { key: Key, bytes: Size };
          }
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    async read(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
      if (Body === undefined) {
        throw new Error(`the object ${key} has no body`);
      }
      return Body.transformToString('utf-8');
    },
    async write(key, text) {
      await client.send(
        new PutObjectCommand({ Bucket, Key: key, Body: text, ContentType: 'application/json' }),
      );
    },
    async delete(key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    },
  };
}
