import type { Engine } from '@oncefold/engines';
import { askCpuSeconds } from '@oncefold/local-runtime';

/** CPU time of engines since they were started. */
export async function enginesCpuSeconds(engines: readonly Engine[]): Promise<number> {
  const seconds = await Promise.all(engines.map(({ pid }) => askCpuSeconds(pid)));
  return seconds.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}
