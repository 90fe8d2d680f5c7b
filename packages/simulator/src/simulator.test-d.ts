import { type Effect, ledger, type Strategy } from '@oncefold/commit';
import {
  commitStage,
  createTurn,
  type FunctionEnvironment,
  foldStage,
  type HistoryResult,
  type RunSummary,
  runHistory,
  runSeeds,
  type Simulation,
} from './index.ts';
import { timelinePage } from './timeline/timeline-page.ts';

const turn = createTurn();
declare const strategy: Strategy;

// What a team exports from a module that `oncefold simulate --module` reads: a guard of its own, or a function of its own.
export const guard: Simulation = commitStage({
  strategy: ({ clock, namespace, consumer }) =>
    ledger({ namespace, consumer, table: 'Ledger', retentionSeconds: 60, now: () => clock.now() }),
});
export const fold: Simulation = foldStage<{ readonly page: string }>({
  handler:
    ({ transactions }: FunctionEnvironment) =>
    () =>
      transactions,
  tables: [{ name: 'Views', key: ['Page'] }],
  record: (draw) => ({ page: draw.pick(['/', '/prices']) }),
  sums: { table: 'Views', measures: ['Count'] },
  expected: (records) => records.map(({ page }) => ({ Page: page, Count: '1' })),
});
export const wrapped: Simulation = commitStage({
  strategy: () => strategy,
  wrap: (parts) => ({ ...parts, effect: parts.effect satisfies Effect }),
});

// What it does with one.
export const summary: Promise<RunSummary> = runSeeds(fold, {
  from: 0,
  count: 10,
  turn,
  faults: ['throttled'],
});
export const result: Promise<HistoryResult> = runHistory(guard, { seed: 7 }, { turn });
export const page = async (): Promise<string> => timelinePage({ ...(await result), title: 'Views' });

// @ts-expect-error a stage without a guard
commitStage({});
// @ts-expect-error a strategy itself, where every sandbox needs one of its own
commitStage({ strategy });
// @ts-expect-error a fault that there is not
runSeeds(fold, { from: 0, count: 10, turn, faults: ['trottled'] });
// @ts-expect-error nothing lets promises run
runSeeds(fold, { from: 0, count: 10 });
// @ts-expect-error a history without its seed
runHistory(guard, {}, { turn });
// @ts-expect-error two histories at once
runHistory(guard, { seed: [1, 2] }, { turn });
// @ts-expect-error a summary does not have the histories
export const histories: readonly HistoryResult[] = (await summary).histories;
foldStage<{ readonly page: string }>({
  handler: () => () => undefined,
  tables: [],
  // @ts-expect-error a record without what the sums are made of
  record: () => ({ path: '/' }),
  // @ts-expect-error no numbers that grow
  sums: { table: 'Views' },
  // @ts-expect-error sums that are numbers have lost digits
  expected: () => [{ Page: '/', Count: 1 }],
});
