import { createHash } from 'node:crypto';

/** What a service takes as a name. */
export interface NameRules {
  readonly lengthMin: number;
  readonly lengthMax: number;
  /** Added to a name that is too short. */
  readonly kind: string;
}

const HASH_LENGTH = 8;

/**
 * Makes a name that a service takes from a logical id, which may be shorter or longer: always the same.
 *
 * CloudFormation makes names with the stack's name and random characters, so nobody relies on them.
 */
export function localName(name: string, { lengthMin, lengthMax, kind }: NameRules): string {
  if (name.length < lengthMin) {
    return `${name}-${kind}`;
  }
  if (name.length <= lengthMax) {
    return name;
  }
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, lengthMax - HASH_LENGTH - 1)}-${hash}`;
}
