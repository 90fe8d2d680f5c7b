/** Is this a sequence number at all? Kinesis has up to 129 digits, DynamoDB up to 40. */
export function isSequenceNumber(text: string): boolean {
  return /^\d{1,129}$/.test(text);
}

/**
 * Compares two sequence numbers as the numbers they are, however many leading zeros they have.
 *
 * @returns below 0, 0 or above 0, as for a sort
 */
export function compareSequenceNumbers(left: string, right: string): number {
  const a = left.replace(/^0+(?=.)/, '');
  const b = right.replace(/^0+(?=.)/, '');
  if (a.length !== b.length) {
    return a.length - b.length;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
