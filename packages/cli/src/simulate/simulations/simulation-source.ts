import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Simulation } from '@oncefold/simulator';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import type { StageName, StrategyName } from './simulation-names.ts';
import { simulateStage } from './stages.ts';

/** Where a simulation comes from; plain data, so that a worker can be told. */
export type SimulationSource =
  | { readonly kind: 'stage'; readonly stage: StageName; readonly strategy?: StrategyName }
  /** A file whose export `simulation` is one. */
  | { readonly kind: 'module'; readonly path: string };

/**
 * Loads a simulation.
 *
 * @throws {@link CouldNotRunError} when there is none, in words for the person who named it
 */
export function loadSimulation(source: SimulationSource): Promise<Simulation> {
  return source.kind === 'stage' ? simulateStage(source.stage, source.strategy) : loadModule(source.path);
}

async function loadModule(path: string): Promise<Simulation> {
  if (!existsSync(path)) {
    throw new CouldNotRunError(`there is no file ${path}`);
  }
  let module: { readonly simulation?: Partial<Simulation> };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CouldNotRunError(`${path} cannot be imported: ${reason}`, { cause });
  }
  const { simulation } = module;
  if (simulation === undefined || typeof simulation.draw !== 'function') {
    throw new CouldNotRunError(
      `${path} exports no \`simulation\`: it must be a Simulation, such as commitStage({ strategy }) makes`,
    );
  }
  return { name: 'module', ...simulation, draw: simulation.draw.bind(simulation) };
}
