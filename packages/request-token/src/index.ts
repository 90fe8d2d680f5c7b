export { type RequestTokenOptions, requestToken } from './request-token.ts';
export { RequestTokenError, type RequestTokenErrorCode } from './request-token-error.ts';
