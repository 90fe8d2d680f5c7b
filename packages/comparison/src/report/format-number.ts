export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** Such as `1 batch` or `12 batches`; the plural adds an `s` unless it is given. */
export function formatCounted(count: number, singular: string, plural: string = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
