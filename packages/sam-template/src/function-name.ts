import type { Place } from './place.ts';

/** A function as something refers to it. */
export interface FunctionName {
  /** ARN without a qualifier. */
  readonly arn: string;
  /** Alias or version; absent for the function itself. */
  readonly qualifier?: string;
}

const ARN = /^(arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+)(?::([^:]+))?$/;
const PARTIAL_ARN = /^([0-9]{12}):function:([^:]+)(?::([^:]+))?$/;
const NAME = /^([a-zA-Z0-9-_]+)(?::([^:]+))?$/;

export function functionArn(name: string, { region, accountId }: Place): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/**
 * Reads each form in which Lambda takes a function: a name, an ARN or an ARN without its beginning, with or without a qualifier.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function parseFunctionName(text: string, place: Place): FunctionName | undefined {
  const named = (arn: string | undefined, qualifier: string | undefined): FunctionName | undefined =>
    arn === undefined ? undefined : { arn, ...(qualifier !== undefined && { qualifier }) };
  const arn = ARN.exec(text);
  if (arn !== null) {
    return named(arn[1], arn[2]);
  }
  const partial = PARTIAL_ARN.exec(text);
  if (partial !== null) {
    const [, accountId = '', name = '', qualifier] = partial;
    return named(functionArn(name, { ...place, accountId }), qualifier);
  }
  const plain = NAME.exec(text);
  return plain === null ? undefined : named(functionArn(plain[1] ?? '', place), plain[2]);
}
