import type { StrategyCode } from '@oncefold/commit';
import {
  type Application,
  type FunctionResource,
  isStreamMapping,
  readTemplate,
  type TableResource,
} from '@oncefold/sam-template';
import type { StageCode } from '../report/comparison-report.ts';

/** The template's resources for one stage under one strategy. */
export interface StageResources {
  readonly function: FunctionResource;
  /** Name of the table whose stream invokes the function. */
  readonly source: string;
  /** Name of the table that holds the stage's effect. */
  readonly sink: string;
  /** Every other table that the stage uses. */
  readonly tables: readonly TableResource[];
  /** Whether the mapping has a tumbling window: only then an event names its shard. */
  readonly hasWindow: boolean;
}

export interface StageResourcesQuery {
  readonly stage: StageCode;
  readonly strategy: StrategyCode;
  /** 5 to 900. */
  readonly timeoutSeconds: number;
}

/** Reads the pipeline's template, once for each strategy and timeout. */
export type StageResourcesReader = (query: StageResourcesQuery) => Promise<StageResources>;

const MEMORY_MEBIBYTES = 256;

const logicalIds: Readonly<
  Record<StageCode, { readonly function: string; readonly source: string; readonly sink: string }>
> = {
  reduce: { function: 'ReduceFunction', source: 'ReduceTable', sink: 'AggregateTable' },
  map: { function: 'MapFunction', source: 'StateTable', sink: 'ReduceTable' },
};
/** Those of the guards, and the one that every map function reads. */
const otherTables = ['IdempotencyTable', 'LedgerTable', 'PositionTable', 'RecountTable'];

/** Makes a reader of a template file, so that a cell has the environment, the tables and the window of a deployment. */
export function createStageResourcesReader(file: string): StageResourcesReader {
  const applications = new Map<string, Promise<Application>>();
  return async ({ stage, strategy, timeoutSeconds }) => {
    const key = `${strategy}:${timeoutSeconds}`;
    const reading =
      applications.get(key) ??
      readTemplate({
        file,
        parameterOverrides: {
          Names: 'lab',
          MapStrategy: strategy,
          ReduceStrategy: strategy,
          FunctionTimeoutSeconds: String(timeoutSeconds),
          FunctionMemorySize: String(MEMORY_MEBIBYTES),
        },
      });
    applications.set(key, reading);
    return resourcesOf(stage, await reading);
  };
}

function resourcesOf(stage: StageCode, { functions, tables, mappings }: Application): StageResources {
  const ids = logicalIds[stage];
  const mapping = mappings
    .filter(isStreamMapping)
    .find(({ functionLogicalId }) => functionLogicalId === ids.function);
  return {
    function: found(functions, ids.function),
    source: found(tables, ids.source).tableName,
    sink: found(tables, ids.sink).tableName,
    tables: [ids.sink, ...otherTables].map((id) => found(tables, id)),
    hasWindow: (mapping?.settings.tumblingWindowInSeconds ?? 0) > 0,
  };
}

function found<Resource extends { readonly logicalId: string }>(
  resources: readonly Resource[],
  logicalId: string,
): Resource {
  const resource = resources.find((each) => each.logicalId === logicalId);
  if (resource === undefined) {
    throw new Error(`invariant: the template has no ${logicalId}`);
  }
  return resource;
}
