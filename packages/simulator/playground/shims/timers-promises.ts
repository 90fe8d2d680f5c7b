/** Stands in for `node:timers/promises` in a browser. Only the system's clock waits in real time, and a simulation has its own. */
export function setTimeout(): Promise<void> {
  return Promise.reject(new Error('a simulated history does not wait in real time'));
}
