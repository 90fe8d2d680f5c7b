export { createIdentityKeys, type Identity, identityKey, type Origin } from './identity-key.ts';
export { type RequestTokenOptions, requestToken } from './request-token.ts';
export { RequestTokenError, type RequestTokenErrorCode } from './request-token-error.ts';
