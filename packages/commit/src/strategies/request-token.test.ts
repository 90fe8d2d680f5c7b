import { requestToken } from '@oncefold/request-token';
import { describe, expect, it } from 'vitest';
import { StrategyError } from '../errors.ts';
import { requestTokenStrategy } from './request-token.ts';

const names = { namespace: 'n', consumer: 'c' };
const records = ['r0', 'r1'].map((id) => ({ id, contribution: new Map() }));
const session = () =>
  requestTokenStrategy(names).open({ records, source: 'stream' }, { remainingMs: () => 1 });

describe('requestTokenStrategy', () => {
  it('guards a group with a token made from the identities of its records, and with nothing else', () => {
    const token = requestToken({ ...names, source: 'stream', recordIds: ['r0', 'r1'] });
    expect(session().guard(records)).toEqual({ name: token, token, actions: [] });
    expect(requestTokenStrategy(names)).toMatchObject({ code: 'request-token', identifiesBy: 'id' });
    expect(requestTokenStrategy(names).guardSize(100)).toBe(0);
  });

  it('takes a group whose row exists, or whose token was used, for applied', () => {
    expect(session().onRowExists?.(records)).toEqual({ fresh: [], applied: records });
    expect(session().onTokenMismatch?.(records)).toEqual({ fresh: [], applied: records });
  });

  it.each([[{ name: 'n' }, 'requestTokenStrategy: there is no option name']])(
    'refuses %j',
    (wrong, message) => {
      expect(() => requestTokenStrategy({ ...names, ...wrong } as typeof names)).toThrow(
        new StrategyError(message),
      );
    },
  );

  it('refuses names that no token can be made of, when it is made', () => {
    expect(() => requestTokenStrategy({ ...names, namespace: '' })).toThrow(/namespace/);
    expect(() => requestTokenStrategy({ ...names, consumer: '' })).toThrow(/consumer/);
  });
});
