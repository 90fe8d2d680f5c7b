/** CPU seconds by the logical id of the function. */
export type FunctionSeconds = Readonly<Record<string, number>>;

/** The CPU time of each function from one look to a later one. */
export function secondsBetween(before: FunctionSeconds, after: FunctionSeconds): FunctionSeconds {
  return Object.fromEntries(Object.entries(after).map(([id, seconds]) => [id, seconds - (before[id] ?? 0)]));
}

/** The CPU time of all functions. */
export function secondsOfAll(seconds: FunctionSeconds): number {
  return Object.values(seconds).reduce((sum, each) => sum + each, 0);
}
