/** What is wrong with a field; the message names the field and never holds its value. */
export type RequestTokenErrorCode =
  | 'not-text'
  | 'not-a-list'
  | 'empty'
  | 'too-long'
  | 'too-many'
  | 'malformed-unicode'
  | 'duplicate';

const EXPLANATIONS: Readonly<Record<Exclude<RequestTokenErrorCode, 'too-long'>, string>> = {
  'not-text': 'must be a string',
  'not-a-list': 'must be an array of strings',
  empty: 'must not be empty',
  'too-many': 'must have at most 1,000,000 entries',
  'malformed-unicode': 'must be well-formed Unicode, without lone surrogates',
  duplicate: 'must not repeat an earlier entry',
};

/** Says that a batch or an identity cannot be named, and which field is to blame. */
export class RequestTokenError extends Error {
  override readonly name = 'RequestTokenError';
  readonly code: RequestTokenErrorCode;
  /** The field as written in the options, such as `consumer` or `recordIds[3]`. */
  readonly field: string;

  constructor(code: 'too-long', field: string, bytesMax: number);
  constructor(code: Exclude<RequestTokenErrorCode, 'too-long'>, field: string);
  constructor(code: RequestTokenErrorCode, field: string, bytesMax?: number) {
    super(
      `${field} ${code === 'too-long' ? `must have at most ${bytesMax} UTF-8 bytes` : EXPLANATIONS[code]}.`,
    );
    this.code = code;
    this.field = field;
  }
}
