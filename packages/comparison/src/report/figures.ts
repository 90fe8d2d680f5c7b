/**
 * Writes a measured quantity, such as requests per batch.
 *
 * @param quantity - from 0
 * @returns with at most two digits after the point, and a comma between thousands
 */
export function formatQuantity(quantity: number): string {
  return quantity.toLocaleString('en-US', { maximumFractionDigits: quantity < 100 ? 2 : 1 });
}

/**
 * Writes a latency.
 *
 * @param milliseconds - any number
 * @returns with three significant digits below 100, whole above
 */
export function formatMilliseconds(milliseconds: number): string {
  const text =
    Math.abs(milliseconds) < 100
      ? Number(milliseconds.toPrecision(3)).toLocaleString('en-US')
      : Math.round(milliseconds).toLocaleString('en-US');
  return `${text.replace('-', '−')} ms`;
}

/**
 * Writes a difference of latencies.
 *
 * @param milliseconds - any number
 * @returns as {@link formatMilliseconds}, with a plus sign where it is above zero
 */
export function signMilliseconds(milliseconds: number): string {
  return milliseconds > 0 ? `+${formatMilliseconds(milliseconds)}` : formatMilliseconds(milliseconds);
}

/**
 * Writes how many times as much something is.
 *
 * @param ratio - from 0
 * @returns such as `1.42×`
 */
export function formatRatio(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}

/**
 * Writes an amount of money.
 *
 * @param dollars - US dollars
 * @returns in cents from one dollar on, with two significant digits below
 */
export function formatDollars(dollars: number): string {
  const size = Math.abs(dollars);
  const text =
    size === 0 || size >= 1
      ? size.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
      : size.toLocaleString('en-US', { maximumSignificantDigits: 2 });
  return `${dollars < 0 ? '−' : ''}$${text}`;
}
