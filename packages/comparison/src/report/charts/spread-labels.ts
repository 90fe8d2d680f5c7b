/** Moves labels apart as little as possible, so that none covers another; places are ordered from high to low. */
export function spreadLabels(places: readonly number[], distance: number): readonly number[] {
  const crowds: Crowd[] = [];
  for (const place of places) {
    crowds.push({ sum: place, count: 1 });
    // Merges a crowd with the one above it if they touch.
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
