import { describe, expect, it } from 'vitest';
import { tradeOf } from '../test/support/stream.ts';
import { settleVersion } from './settle-version.ts';
import type { StoredVersion } from './state-store.ts';

const stored: StoredVersion = {
  version: 1,
  recordId: 'first',
  trade: tradeOf({ version: 1, value: '10.50', region: 'EMEA' }),
};

describe('settleVersion', () => {
  it.each([
    ['newer', 'a higher version', { version: 2, value: '10.50' }, 'second'],
    ['stale', 'a lower version, payload equal or not', { version: 0, value: '7' }, 'second'],
    ['applied', 'an equal version that the same record wrote', { version: 1, value: '10.50' }, 'first'],
    ['duplicate', 'an equal version and payload of another record', { version: 1, value: '10.5' }, 'second'],
    ['conflict', 'an equal version with another value', { version: 1, value: '10.51' }, 'second'],
    [
      'conflict',
      'an equal version in another place',
      { version: 1, value: '10.5', region: 'APAC' },
      'second',
    ],
  ])('says %s for %s', (settlement, _case, fields, recordId) => {
    expect(settleVersion(tradeOf(fields), recordId, stored)).toBe(settlement);
  });

  it('takes no payload for equal to an item that is no trade', () => {
    expect(settleVersion(tradeOf({ version: 1 }), 'second', { ...stored, trade: undefined })).toBe(
      'conflict',
    );
  });
});
