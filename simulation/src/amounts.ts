/** A decimal of at most 12 fraction digits, in units of its last one. */
export type Amount = bigint;

const FRACTION_DIGITS = 12;

/** Reads a decimal as the data contract writes it. */
export function amountOf(text: string): Amount {
  const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (match === null) {
    throw new Error(`${text} is no decimal of the data contract`);
  }
  const [, sign, whole, fraction = ''] = match;
  const digits = BigInt(`${whole}${fraction.padEnd(FRACTION_DIGITS, '0')}`);
  return sign === '-' ? -digits : digits;
}

/** Writes an amount as people read it. */
export function formatAmount(amount: Amount): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(FRACTION_DIGITS + 1, '0');
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, '');
  const whole = digits.slice(0, -FRACTION_DIGITS);
  return `${amount < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * Says which messages explain a difference: each value is a power of ten of its own.
 *
 * @param labels - labels of messages by the power of their value
 */
export function describeDifference(
  difference: Amount,
  labels: ReadonlyMap<number, string>,
): { readonly tooMuch: readonly string[]; readonly tooLittle: readonly string[]; readonly text: string } {
  const digits = balancedDigits(difference);
  const named = (isWanted: (digit: number) => boolean): string[] =>
    [...digits].flatMap(([power, digit]) => (isWanted(digit) ? [labels.get(power) ?? `10^${power}`] : []));
  const tooMuch = named((digit) => digit > 0);
  const tooLittle = named((digit) => digit < 0);
  const text = [
    ...(tooMuch.length > 0 ? [`${tooMuch.join(', ')} too much`] : []),
    ...(tooLittle.length > 0 ? [`${tooLittle.join(', ')} too little`] : []),
  ].join(', ');
  return { tooMuch, tooLittle, text: `${text} (${formatAmount(difference)})` };
}

/** Digits from -4 to 5 by power: a message that is missing and another that is doubled stay two digits. */
function balancedDigits(amount: Amount): ReadonlyMap<number, number> {
  const digits = new Map<number, number>();
  let rest = amount;
  for (let power = -FRACTION_DIGITS; rest !== 0n; power += 1) {
    let digit = Number(rest % 10n);
    if (digit > 5) {
      digit -= 10;
    } else if (digit < -4) {
      digit += 10;
    }
    if (digit !== 0) {
      digits.set(power, digit);
    }
    rest = (rest - BigInt(digit)) / 10n;
  }
  return digits;
}
