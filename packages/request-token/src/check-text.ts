import { utf8ToBytes } from '#sha256';
import { RequestTokenError } from './request-token-error.ts';

/** UTF-8 needs at most three bytes for one UTF-16 code unit. */
const BYTES_PER_CODE_UNIT_MAX = 3;

/** Refuses what is no text, and the empty text, which is what a missing value often becomes. */
export function checkText(field: string, text: unknown): asserts text is string {
  if (typeof text !== 'string') {
    throw new RequestTokenError('not-text', field);
  }
  if (text === '') {
    throw new RequestTokenError('empty', field);
  }
}

/** Refuses in addition what is too long or malformed: for names that a team chooses, and can choose anew. */
export function checkName(field: string, name: unknown, bytesMax: number): asserts name is string {
  checkText(field, name);
  if (isLongerThan(name, bytesMax)) {
    throw new RequestTokenError('too-long', field, bytesMax);
  }
  if (!name.isWellFormed()) {
    throw new RequestTokenError('malformed-unicode', field);
  }
}

/** Encodes only what is neither surely short enough nor surely too long. */
export function isLongerThan(text: string, bytesMax: number): boolean {
  if (text.length * BYTES_PER_CODE_UNIT_MAX <= bytesMax) {
    return false;
  }
  return text.length > bytesMax || utf8ToBytes(text).length > bytesMax;
}
