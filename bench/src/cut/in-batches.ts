/** Cuts values into batches that are full, but for the last one. */
export function inBatches<Value>(values: readonly Value[], size: number): readonly (readonly Value[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_none, batch) =>
    values.slice(batch * size, (batch + 1) * size),
  );
}
