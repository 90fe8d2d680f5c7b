/** What has to be stopped at the end; the last added is stopped first. */
export interface Cleanup {
  add(stop: () => Promise<void>): void;
  /**
   * Stops everything, even if one cannot be stopped; more than one call is the same as one.
   *
   * @throws an `AggregateError` of what could not be stopped
   */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const stops: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;
  return {
    add: (stop) => void stops.push(stop),
    run: () => {
      running ??= stopInReverse(stops);
      return running;
    },
  };
}

async function stopInReverse(stops: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of stops.toReversed()) {
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    const messages = failures.map((error) => (error instanceof Error ? error.message : String(error)));
    throw new AggregateError(failures, messages.join('; '));
  }
}
