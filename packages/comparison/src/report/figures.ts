/** At most two decimals. */
export function formatQuantity(quantity: number): string {
  return quantity.toLocaleString('en-US', { maximumFractionDigits: quantity < 100 ? 2 : 1 });
}

/** Three significant digits below 100 ms, whole milliseconds above. */
export function formatMilliseconds(milliseconds: number): string {
  const text =
    Math.abs(milliseconds) < 100
      ? Number(milliseconds.toPrecision(3)).toLocaleString('en-US')
      : Math.round(milliseconds).toLocaleString('en-US');
  return `${text.replace('-', '−')} ms`;
}

/** Like {@link formatMilliseconds}, with a plus sign for what is above zero. */
export function signMilliseconds(milliseconds: number): string {
  return milliseconds > 0 ? `+${formatMilliseconds(milliseconds)}` : formatMilliseconds(milliseconds);
}

export function formatRatio(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}

/** In cents from one dollar, with two significant digits below. */
export function formatDollars(dollars: number): string {
  const size = Math.abs(dollars);
  const text =
    size === 0 || size >= 1
      ? size.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
      : size.toLocaleString('en-US', { maximumSignificantDigits: 2 });
  return `${dollars < 0 ? '−' : ''}$${text}`;
}
