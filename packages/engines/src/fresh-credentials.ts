import { randomBytes } from 'node:crypto';

/** Region of everything local. DynamoDB Local keeps a database per access key *and* region. */
export const LOCAL_REGION = 'us-east-1';
/** Account of everything local. */
export const LOCAL_ACCOUNT_ID = '000000000000';

export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Makes credentials of which no other caller has a copy.
 *
 * DynamoDB Local gives every access key a database of its own, so that fresh credentials are an isolation domain. It
 * takes letters and digits only.
 *
 * @returns an access key of 32 letters and digits, 96 bits of them random, and a secret
 */
export function freshCredentials(): LocalCredentials {
  return {
    accessKeyId: `ONCEFOLD${randomBytes(12).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  };
}
