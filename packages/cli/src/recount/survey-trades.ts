import { defaultLimits, markTrades, type Pass, readControl } from '@oncefold/operations/recount';
import type { TableAccess } from '@oncefold/operations/tables';
import type { Hierarchy } from '@oncefold/reducer';
import { isWithin, MESSAGE_COUNT } from '@oncefold/trades';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { readAggregateRows } from '../sums/read-aggregates.ts';
import type { FoundPipeline } from '../tables/find-pipeline.ts';

/** What a recount is about. */
export interface RecountScope {
  /** The node that is recounted with everything below it; absent: all. */
  readonly path: string | undefined;
  /** Dimensions to move trades to; absent: they stay. */
  readonly hierarchy?: Hierarchy | undefined;
}

/** Reads all trades and counts what a recount would do with them, without writing anything. */
export async function surveyTrades(
  access: TableAccess,
  pipeline: FoundPipeline,
  { path, hierarchy }: RecountScope,
): Promise<Pass> {
  const { tables, unrecordedHierarchy } = pipeline;
  const control = await readControl(access, tables.recount);
  return await markTrades(
    access,
    { table: tables.state, unrecordedHierarchy, hierarchy },
    {
      recount: { number: (control?.number ?? 0) + 1, path },
      wave: undefined,
      limits: defaultLimits,
      onPage: () => {},
    },
  );
}

/**
 * Counts what a recount would do where that must be known before it begins: which trades it moves, or whether there is its node at all.
 *
 * @returns nothing where the tables' descriptions do
 * @throws {@link CouldNotRunError} where there is no such node
 */
export async function surveyIfNeeded(
  access: TableAccess,
  pipeline: FoundPipeline,
  scope: RecountScope,
): Promise<Pass | undefined> {
  if (scope.hierarchy !== undefined) {
    return await surveyTrades(access, pipeline, scope);
  }
  if (scope.path === undefined || (await hasRowWithin(access, pipeline, scope.path))) {
    return undefined;
  }
  const pass = await surveyTrades(access, pipeline, scope);
  if (pass.trades === 0) {
    throw noNodeError(scope.path);
  }
  return pass;
}

async function hasRowWithin(access: TableAccess, { tables }: FoundPipeline, path: string): Promise<boolean> {
  const { sums } = await readAggregateRows(access, tables.aggregate);
  return [...sums.keys()].some((key) => key !== MESSAGE_COUNT && isWithin(path, key));
}

/** A node that neither the trades nor the sums know is a mistake in typing. */
export function noNodeError(path: string): CouldNotRunError {
  return new CouldNotRunError(`there is no node ${path}, and nothing below it`);
}
