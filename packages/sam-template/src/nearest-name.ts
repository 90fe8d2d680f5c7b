/** A word that differs in a greater part of its letters is another word. */
const DIFFERENT_PART_MAX = 1 / 3;

/** Less than that for types: `SNS` is not a misspelled `SQS`, nor `AWS::IoT::Policy` a misspelled `AWS::IAM::Policy`. */
const DIFFERENT_PART_OF_TYPE_MAX = 1 / 4;

/** Finds the known name that a misspelt one stands for: nearly the same letters, or its beginning or end. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const word = name.toLowerCase();
  return (
    closest(word, known, Math.floor(word.length * DIFFERENT_PART_MAX)) ??
    known.find((candidate) => isPart(word, candidate.toLowerCase()))
  );
}

/** Says that a type is not one of those that are known: because it is misspelled, or because it does not exist here. */
export function unknownType(type: string, known: readonly string[]): string {
  const parts = type.toLowerCase().split('::');
  const meant = known.find((candidate) => isMisspelled(parts, candidate.toLowerCase().split('::')));
  return meant === undefined ? `${type} is not emulated` : `${type} is not known; did you mean ${meant}?`;
}

/** Whether all parts of a type are those of another, but for one that differs a little, or for none. */
function isMisspelled(parts: readonly string[], others: readonly string[]): boolean {
  const different = parts.filter((part, index) => part !== others[index]);
  const [part = ''] = different;
  return (
    parts.length === others.length &&
    different.length <= 1 &&
    countDifferences(part, others[parts.indexOf(part)] ?? '') <=
      Math.floor(part.length * DIFFERENT_PART_OF_TYPE_MAX)
  );
}

function closest(word: string, known: readonly string[], differencesMax: number): string | undefined {
  let nearest: string | undefined;
  let fewest = differencesMax + 1;
  for (const candidate of known) {
    const differences = countDifferences(word, candidate.toLowerCase());
    if (differences < fewest) {
      nearest = candidate;
      fewest = differences;
    }
  }
  return nearest;
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
