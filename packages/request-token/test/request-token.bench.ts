/** What a name costs in each form: a row of the pure form is to be read as a ratio to Node's, in the same run. */
import { describe, it } from 'vitest';
import { buildForm } from './platform-forms.ts';

const { exports: node } = await buildForm('node');
const { exports: pure } = await buildForm('browser');

const origin = {
  namespace: 'production',
  consumer: 'state',
  source: 'arn:aws:kinesis:eu-west-1:123456789012:stream/IncomingDataStream',
};
const recordIds = Array.from(
  { length: 100 },
  (_, index) => `shardId-000000000006:4959033827149025660855969253836157109592159759891365${8000 + index}`,
);
const longId = { ...origin, id: 'r'.repeat(2000) };

describe('request-token', () => {
  it('costs of the token of one hundred records', async ({ bench }) => {
    await bench.compare(
      bench('requestToken with node:crypto (the reference)', () =>
        node.requestToken({ ...origin, recordIds }),
      ),
      bench('requestToken, pure', () => pure.requestToken({ ...origin, recordIds })),
    );
  });

  it('costs of the key of one long id', async ({ bench }) => {
    await bench.compare(
      bench('identityKey with node:crypto (the reference)', () => node.identityKey(longId)),
      bench('identityKey, pure', () => pure.identityKey(longId)),
    );
  });
});
