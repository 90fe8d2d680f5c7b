import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commitCoverage, commitStage, type Simulation } from '@oncefold/simulator';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import { commitStageOf } from './commit-stage-of.ts';
import type { StageName, StrategyName } from './simulation-names.ts';

/** Where the repository keeps the simulations of its own functions: a package must not import services. */
const repositorySimulations = fileURLToPath(
  new URL('../../../../../simulation/src/index.ts', import.meta.url),
);

/** What can be simulated, by its name on the command line. A stage is added here, and to `stageNames`. */
const stages: Readonly<Record<StageName, (strategy: StrategyName | undefined) => Promise<Simulation>>> = {
  commit: async (strategy = 'ledger') => ({
    ...commitStage(await commitStageOf(strategy)),
    coverage: strategy === 'powertools' ? undefined : commitCoverage(strategy),
  }),
  state: (strategy) => ofRepository('state', strategy),
  map: (strategy) => ofRepository('map', strategy),
  reduce: (strategy) => ofRepository('reduce', strategy),
  pipeline: (strategy) => ofRepository('pipeline', strategy),
  rebuild: (strategy) => ofRepository('rebuild', strategy),
  redrive: (strategy) => ofRepository('redrive', strategy),
};

/**
 * Makes the simulation of a stage.
 *
 * @param strategy - absent: the stage's own
 * @throws {@link CouldNotRunError} when the repository's simulations are not there
 */
export function simulateStage(stage: StageName, strategy: StrategyName | undefined): Promise<Simulation> {
  return stages[stage](strategy);
}

/** What that module exports. */
interface RepositorySimulations {
  readonly simulatePipeline?: (
    stage: StageName,
    options: { readonly strategy?: StrategyName | undefined },
  ) => Simulation;
}

async function ofRepository(stage: StageName, strategy: StrategyName | undefined): Promise<Simulation> {
  if (!existsSync(repositorySimulations)) {
    throw new CouldNotRunError(
      `the stage ${stage} cannot be simulated: there is no ${repositorySimulations}; the stage commit can`,
    );
  }
  const module: RepositorySimulations = await import(pathToFileURL(repositorySimulations).href);
  if (module.simulatePipeline === undefined) {
    throw new CouldNotRunError(`${repositorySimulations} exports no \`simulatePipeline\``);
  }
  return module.simulatePipeline(stage, { strategy });
}
