import type { Engine } from './engine.ts';
import { LOCAL_REGION } from './fresh-credentials.ts';
import { launchProgram } from './launch-program.ts';

/**
 * Starts an SQS of this process's own: fauxqs in a process beside this one, empty, in memory, on a free port.
 *
 * All access keys and regions share its queues, whose account is 000000000000.
 *
 * @param options.region - region in the ARNs of its queues
 * @param options.signal - ends the start, or the engine if it has started
 * @throws {@link EngineError} when it does not start
 */
export async function startSqs(
  options: { readonly region?: string; readonly signal?: AbortSignal } = {},
): Promise<Engine> {
  const { region = LOCAL_REGION, signal } = options;
  const program = new URL('./fauxqs-program.ts', import.meta.url);
  return launchProgram({ name: 'fauxqs', program, region, signal });
}
