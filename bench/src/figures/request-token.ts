import { createHash } from 'node:crypto';
import { identityKey, requestToken } from '@oncefold/request-token';
import type { Figure } from '../figure.ts';
import { measureCpuInTurn } from '../measure/measure-cpu-in-turn.ts';

const origin = {
  namespace: 'production',
  consumer: 'state',
  source: 'arn:aws:kinesis:eu-west-1:123456789012:stream/IncomingDataStream',
};

/** The token of a batch against hashing bytes that lie there already. */
export const requestTokens: readonly Figure[] = [1_000, 10_000].map((count) => ({
  name: `request-token-${count}`,
  title: `request token of ${count.toLocaleString('en-US')} record ids`,
  reference: '`node:crypto` over the same bytes',
  unit: 'µs a record',
  goal: { of: 'ratio', max: 1.2 },
  async measure({ quick }) {
    const recordIds = recordIdsOf(count);
    const bytes = bytesOf(recordIds);
    const pairs = await measureCpuInTurn({
      subject: () => requestToken({ ...origin, recordIds }),
      reference: () => createHash('sha256').update(bytes).digest('base64url'),
      per: count,
      quick,
    });
    return { pairs };
  },
}));

/** Ids of the records of a Kinesis event, which comes as JSON: texts that were put together are kept in pieces, and take longer. */
function recordIdsOf(count: number): readonly string[] {
  const base = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_597_598_913_650_000_000n;
  const ids = Array.from({ length: count }, (_none, index) => `shardId-000000000006:${base + BigInt(index)}`);
  return JSON.parse(JSON.stringify(ids));
}

/** As many bytes as the token hashes: each key behind its length. */
function bytesOf(recordIds: readonly string[]): Uint8Array {
  const keys = recordIds.map((id) => identityKey({ ...origin, id }));
  return Buffer.from(keys.map((key) => `0000${key}`).join(''));
}
