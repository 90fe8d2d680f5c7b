/** Decimal places of a unit: the most that a trade's value may have. */
const PLACES = 12;
const DECIMAL = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<fraction>\d+))?(?:E(?<exponent>[+-]?\d+))?$/i;

/** Writes an amount of 10^-12 as a decimal. */
export function formatUnits(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}

/**
 * Reads a number of DynamoDB without rounding. Independent of `@oncefold/reducer`, which it helps to test.
 *
 * @throws when the text is no number, or says more than units can
 */
export function parseUnits(text: string): bigint {
  const { sign, whole, fraction = '', exponent = '0' } = DECIMAL.exec(text)?.groups ?? {};
  if (whole === undefined) {
    throw new Error(`${JSON.stringify(text)} is no number`);
  }
  const places = PLACES + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const divisor = 10n ** BigInt(Math.max(-places, 0));
  if (digits % divisor !== 0n) {
    throw new Error(`${text} has more than ${PLACES} decimal places`);
  }
  const units = (digits * 10n ** BigInt(Math.max(places, 0))) / divisor;
  return sign === '-' ? -units : units;
}
