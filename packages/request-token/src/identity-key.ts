import { createHash } from 'node:crypto';
export interface Identity {
  readonly namespace: string;
  readonly consumer: string;
  readonly source: string;
  readonly id: string;
}
export function identityKey({ namespace, consumer, source, id }: Identity): string {
  const esc = (t: string) => t.replaceAll('%', '%25').replaceAll('#', '%23');
  const plain = ['v2', esc(namespace), esc(consumer), esc(source), esc(id)].join('#');
  return plain.isWellFormed() && Buffer.byteLength(plain) <= 1024
    ? plain
    : `v2#sha256#${createHash('sha256')
        .update(JSON.stringify([namespace, consumer, source, id]))
        .digest('base64url')}`;
}
