/** A strategy that a stage can be given. */
export type StrategyName = 'none' | 'request-token' | 'powertools' | 'ledger' | 'checkpoint';

/** In the order of reports. */
export const strategyNames: readonly StrategyName[] = [
  'none',
  'request-token',
  'powertools',
  'ledger',
  'checkpoint',
];

/** What can be simulated. */
export type StageName = 'commit' | 'state' | 'map' | 'reduce' | 'pipeline' | 'rebuild' | 'redrive';

/** What is told of a stage before it is loaded. */
interface StageDescription {
  readonly title: string;
  /** Strategies that it can be given; none: it has no guard of its own. */
  readonly strategies: readonly StrategyName[];
  /** Strategies that are run unless one is chosen; `undefined` leaves the choice to the stage. */
  readonly strategiesByDefault: readonly (StrategyName | undefined)[];
}

const ofPipeline: Omit<StageDescription, 'title'> = {
  strategies: ['none', 'request-token', 'ledger', 'checkpoint'],
  strategiesByDefault: [undefined],
};

/** In the order of the help. */
export const stageDescriptions: Readonly<Record<StageName, StageDescription>> = {
  commit: {
    title: 'a function that commits sums of what its streams bring',
    strategies: strategyNames,
    strategiesByDefault: ['ledger', 'checkpoint'],
  },
  state: {
    title: 'Kinesis to StateTable, with quarantine and accounts',
    strategies: [],
    strategiesByDefault: [undefined],
  },
  map: { title: 'StateTable to ReduceTable', ...ofPipeline },
  reduce: { title: 'ReduceTable to AggregateTable', ...ofPipeline },
  pipeline: { title: 'state, map and reduce, one behind the other', ...ofPipeline },
  rebuild: {
    title: 'the pipeline, while sums are damaged and a rebuild adds up all trades again',
    strategies: [],
    strategiesByDefault: [undefined],
  },
  redrive: {
    title: 'the pipeline, whose mappings give batches up that are redriven, sometimes beside a rebuild',
    strategies: [],
    strategiesByDefault: [undefined],
  },
};

export const stageNames: readonly StageName[] = Object.keys(stageDescriptions) as StageName[];
