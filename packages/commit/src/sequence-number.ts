import { StrategyError } from './errors.ts';

/** Longest sequence number that AWS documents (Kinesis: 129 digits; DynamoDB Streams: 40). */
const DIGITS_MAX = 129;

/**
 * Compares two sequence numbers of one shard, as zero-padded text.
 *
 * @param a - decimal digits, 1 to 129 of them.
 * @param b - likewise.
 * @returns negative, zero or positive, as `a` stands before, at or after `b`.
 * @throws {@link StrategyError} when one is not made of digits.
 */
export function compareSequenceNumbers(a: string, b: string): number {
  const left = padded(a);
  const right = padded(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function padded(sequenceNumber: string): string {
  if (!/^\d{1,129}$/.test(sequenceNumber))
    throw new StrategyError('a sequence number must be 1 to 129 decimal digits');
  return sequenceNumber.padStart(DIGITS_MAX, '0');
}
