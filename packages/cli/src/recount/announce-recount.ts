import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import type { FoundPipeline } from '../tables/find-pipeline.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import { type Estimate, estimateRecount, figuresOf } from './estimate-recount.ts';
import { estimateView, type Moves, movesView } from './estimate-view.ts';

/** Estimates a recount of a pipeline from what DynamoDB says of its tables, or from what was counted. */
export function estimateFor(
  { descriptions }: FoundPipeline,
  options: { readonly rate: number; readonly counted?: { readonly trades: number; readonly marks: number } },
): Estimate {
  return estimateRecount({
    state: figuresOf(descriptions.state),
    reduce: figuresOf(descriptions.reduce),
    aggregates: figuresOf(descriptions.aggregate).items,
    ...options,
  });
}

/**
 * Says what a recount will do and take, and asks where somebody can be asked.
 *
 * @param headline - what it does, in one line
 * @returns whether to go on
 * @throws {@link CouldNotRunError} where nobody can be asked
 */
export async function announceRecount(
  headline: string,
  options: {
    readonly pipeline: FoundPipeline;
    readonly rate: number;
    readonly yes: boolean;
    readonly json: boolean;
    /** Trades and marks, where they were counted. */
    readonly counted?: { readonly trades: number; readonly marks: number } | undefined;
    readonly moves?: Moves | undefined;
  },
  { terminal, lifetime }: CommandContext,
): Promise<boolean> {
  const { pipeline, rate, yes, json, counted, moves } = options;
  const palette = terminal.notePalette;
  terminal.note(headline);
  if (moves !== undefined) {
    terminal.note(palette.warning(movesView(moves)));
  }
  const estimate = estimateFor(pipeline, { rate, ...(counted !== undefined && { counted }) });
  terminal.note(estimateView(estimate, { table: pipeline.tables.state, rate, palette, moves }));
  if (yes) {
    return true;
  }
  if (json || !canAsk()) {
    throw new CouldNotRunError(
      'there is no terminal to ask on: add --yes to go on, or use `rebuild --dry-run` to see what would be done',
    );
  }
  return await ask('Go on?', lifetime.signal);
}
