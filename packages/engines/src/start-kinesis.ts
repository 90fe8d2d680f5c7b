import type { Engine } from './engine.ts';
import { LOCAL_REGION } from './fresh-credentials.ts';
import { launchProgram } from './launch-program.ts';

/**
 * Starts a Kinesis of this process's own: kinesalite in a process beside this one, empty, in memory, on a free port.
 *
 * All access keys and regions share its streams.
 *
 * @param options.region - region in the ARNs of its streams
 * @param options.signal - ends the start, or the engine if it has started
 * @throws {@link EngineError} when it does not start
 */
export async function startKinesis(
  options: { readonly region?: string; readonly signal?: AbortSignal } = {},
): Promise<Engine> {
  const { region = LOCAL_REGION, signal } = options;
  const program = new URL('./kinesalite-program.ts', import.meta.url);
  return launchProgram({ name: 'kinesalite', program, region, signal });
}
