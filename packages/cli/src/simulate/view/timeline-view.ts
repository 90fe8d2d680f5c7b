import type { HistoryResult } from '@oncefold/simulator';

/** A history, one line a step. */
export function timelineLines({ history }: HistoryResult): readonly string[] {
  return history.map((event) => JSON.stringify(event));
}

export function timelinePage(result: HistoryResult): string {
  return JSON.stringify(result.history);
}
