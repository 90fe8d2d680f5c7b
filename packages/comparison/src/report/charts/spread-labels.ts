/**
 * Moves labels apart, as little as possible, so that none covers another.
 *
 * @param places - where the labels belong, from high to low
 * @param distance - how far apart two of them must be
 * @returns where they go, in the same order; the middle of a crowd stays where the crowd is
 */
export function spreadLabels(places: readonly number[], distance: number): readonly number[] {
  const crowds: { sum: number; count: number }[] = [];
  for (const place of places) {
    crowds.push({ sum: place, count: 1 });
    // A crowd that touches the one above it becomes one with it.
    for (let last = crowds.at(-1); last !== undefined; last = crowds.at(-1)) {
      const above = crowds.at(-2);
      if (above === undefined || lowEnd(above, distance) - highEnd(last, distance) >= distance) {
        break;
      }
      crowds.splice(-2, 2, { sum: above.sum + last.sum, count: above.count + last.count });
    }
  }
  return crowds.flatMap((crowd) =>
    Array.from({ length: crowd.count }, (_, index) => highEnd(crowd, distance) - index * distance),
  );
}

interface Crowd {
  readonly sum: number;
  readonly count: number;
}

function highEnd({ sum, count }: Crowd, distance: number): number {
  return sum / count + ((count - 1) / 2) * distance;
}

function lowEnd({ sum, count }: Crowd, distance: number): number {
  return sum / count - ((count - 1) / 2) * distance;
}
