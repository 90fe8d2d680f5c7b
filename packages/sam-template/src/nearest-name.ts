/** A word that differs in a greater part of its letters is another word. */
const DIFFERENT_PART_MAX = 1 / 3;

/** Finds the known name that a misspelt one stands for: nearly the same letters, or its beginning or end. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const word = name.toLowerCase();
  let nearest: string | undefined;
  let fewest = Math.floor(word.length * DIFFERENT_PART_MAX) + 1;
  for (const candidate of known) {
    const differences = countDifferences(word, candidate.toLowerCase());
    if (differences < fewest) {
      nearest = candidate;
      fewest = differences;
    }
  }
  return nearest ?? known.find((candidate) => isPart(word, candidate.toLowerCase()));
}

/** Whether a word is what another begins or ends with, and not only a little of it. */
function isPart(word: string, other: string): boolean {
  return word.length * 2 >= other.length && (other.startsWith(word) || other.endsWith(word));
}

/** Levenshtein distance. */
function countDifferences(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      current.push(
        Math.min(
          (previous[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
          (previous[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
