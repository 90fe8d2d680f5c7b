import { StrategyError } from './errors.ts';

/** Longest sequence number that AWS documents (Kinesis: 129 digits; DynamoDB Streams: 40). */
const SEQUENCE_DIGITS = 129;

const SUB_SEQUENCE_DIGITS = 10;

/** Largest sub-sequence number that a position can hold. */
export const SUB_SEQUENCE_NUMBER_MAX: number = 10 ** SUB_SEQUENCE_DIGITS - 1;

/** Lower than every position: a prefix of the lowest one. Where a shard stands before its first record. */
export const POSITION_OF_START: string = '0'.repeat(SEQUENCE_DIGITS);

/**
 * Writes a record's place in its shard as text of a fixed width, so that the order of texts, which is the order that
 * DynamoDB's own `<` uses, is the order of the shard.
 *
 * @param sequenceNumber - decimal digits, 1 to 129 of them
 * @param subSequenceNumber - the place of a user record within an aggregated Kinesis record, from 0 to
 * {@link SUB_SEQUENCE_NUMBER_MAX}; 0 for any other record
 * @returns 129 digits, a full stop and 10 digits
 * @throws {@link StrategyError} when one of the two is no such number
 */
export function formatPosition(sequenceNumber: string, subSequenceNumber = 0): string {
  assertPlace(sequenceNumber, subSequenceNumber);
  const subSequence = String(subSequenceNumber).padStart(SUB_SEQUENCE_DIGITS, '0');
  return `${sequenceNumber.padStart(SEQUENCE_DIGITS, '0')}.${subSequence}`;
}

/** Refuses what {@link formatPosition} does, and writes nothing. */
export function assertPlace(sequenceNumber: string, subSequenceNumber = 0): void {
  if (typeof sequenceNumber !== 'string' || !/^\d{1,129}$/.test(sequenceNumber)) {
    throw new StrategyError('a sequence number must be text of 1 to 129 decimal digits');
  }
  if (
    !Number.isInteger(subSequenceNumber) ||
    subSequenceNumber < 0 ||
    subSequenceNumber > SUB_SEQUENCE_NUMBER_MAX
  ) {
    throw new StrategyError(`a sub-sequence number must be an integer from 0 to ${SUB_SEQUENCE_NUMBER_MAX}`);
  }
}

/** Says whether a text is what {@link formatPosition} writes, or {@link POSITION_OF_START}. */
export function isPosition(text: string): boolean {
  return text === POSITION_OF_START || /^\d{129}\.\d{10}$/.test(text);
}
