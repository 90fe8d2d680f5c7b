import {
  createIdentityKeys,
  type Identity,
  identityKey,
  type Origin,
  type RequestTokenErrorCode,
  requestToken,
} from './index.ts';

const origin: Origin = { namespace: 'shop', consumer: 'orders', source: 'stream' };
export const token: string = requestToken({ ...origin, recordIds: ['1', '2'] });
export const key: string = identityKey({ ...origin, id: '1' } satisfies Identity);
export const keys: string[] = ['1', '2'].map(createIdentityKeys(origin));
export const isKnown = (code: RequestTokenErrorCode): string => code;

// @ts-expect-error without the source: shard ids and event ids repeat from stream to stream
requestToken({ namespace: 'shop', consumer: 'orders', recordIds: ['1'] });
// @ts-expect-error ids are text: a number may have lost digits
requestToken({ ...origin, recordIds: [1] });
// @ts-expect-error no ids
requestToken(origin);
// @ts-expect-error an identity without the record's id
identityKey(origin);
// @ts-expect-error a code that there is not
isKnown('something-else');
