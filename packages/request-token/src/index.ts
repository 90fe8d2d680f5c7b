export { type Identity, identityKey } from './identity-key.ts';
export { type RequestTokenOptions, requestToken } from './request-token.ts';
export { RequestTokenError, type RequestTokenErrorCode } from './request-token-error.ts';
