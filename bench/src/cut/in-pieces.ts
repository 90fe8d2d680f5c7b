/** Cuts values into pieces that are as long as each other, or by one longer; none is empty if there are as many values as pieces. */
export function inPieces<Value>(values: readonly Value[], pieces: number): readonly (readonly Value[])[] {
  const begin = (piece: number): number => Math.ceil((piece * values.length) / pieces);
  return Array.from({ length: pieces }, (_none, piece) => values.slice(begin(piece), begin(piece + 1)));
}
