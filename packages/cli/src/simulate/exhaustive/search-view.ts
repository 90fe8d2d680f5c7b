import { formatCount, formatCounted, formatSeconds } from '@oncefold/comparison/format-number';
import type { ExhaustReport } from '@oncefold/simulator';
import { formatTable } from '../../terminal/format-table.ts';
import type { LiveText } from '../../terminal/live-view.ts';
import type { Palette } from '../../terminal/palette.ts';
import { printable } from '../../terminal/printable.ts';
import type { StrategyName } from '../simulations/simulation-names.ts';
import { colourTimeline } from '../view/timeline-view.ts';
import type { ToldWorldHistory } from './tell-world-history.ts';

/** How far the search with one strategy is. */
export interface SearchProgress {
  readonly strategy: StrategyName;
  readonly worlds: number;
  readonly report: ExhaustReport;
  readonly elapsedMs: number;
}

/** What the search with one strategy came to. */
export interface WorldSearchRun {
  readonly strategy: StrategyName;
  readonly promise: 'exact' | 'none';
  readonly elapsedMs: number;
  readonly report: ExhaustReport;
  /** The first wrong history. */
  readonly finding?: ToldWorldHistory;
}

/** What all searches came to. */
export interface WorldSearchResult {
  readonly worlds: number;
  readonly isInterrupted: boolean;
  readonly runs: readonly WorldSearchRun[];
}

/** Shows how far the search is. */
export function searchText(progress: () => SearchProgress, palette: Palette): LiveText {
  let told = -1;
  return {
    view: () => `  ${lineOf(progress(), palette)}`,
    lines: () => {
      const now = progress();
      const isNews = now.report.worlds !== told;
      told = now.report.worlds;
      return isNews ? [lineOf(now, palette)] : [];
    },
    linesEveryMs: 5_000,
  };
}

function lineOf({ strategy, worlds, report }: SearchProgress, palette: Palette): string {
  const wrong = `${formatCount(report.wrong)} wrong`;
  return [
    `${strategy.padEnd(13)}  ${formatCount(report.worlds)} of ${formatCounted(worlds, 'world')}`,
    formatCounted(report.histories, 'history', 'histories'),
    report.wrong === 0 ? wrong : palette.bad(wrong),
  ].join(', ');
}

/** Shows what all searches came to. */
export function searchView({ runs, isInterrupted }: WorldSearchResult, palette: Palette): string {
  const titles = ['worlds', 'histories', 'wrong', 'took'];
  return [
    formatTable(
      [{ title: 'strategy', align: 'left' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
      runs.map(({ strategy, report, elapsedMs }) => [
        strategy,
        formatCount(report.worlds),
        formatCount(report.histories),
        formatCount(report.wrong),
        formatSeconds(elapsedMs),
      ]),
    ),
    '',
    ...runs.flatMap(({ strategy, finding }) =>
      finding === undefined
        ? []
        : [
            palette.strong(`${strategy}: the first wrong history`),
            '',
            worldHistoryView(finding, palette),
            '',
          ],
    ),
    ...runs.map((run) => verdictOf(run, palette)),
    ...(isInterrupted ? [palette.warning('INTERRUPTED: not all worlds were searched')] : []),
  ].join('\n');
}

/** Shows one history. */
export function worldHistoryView(told: ToldWorldHistory, palette: Palette): string {
  const { world, timeline, violations, replay } = told;
  const verdict =
    violations.length === 0
      ? [palette.good('EXACT: no violation')]
      : violations.map(({ kind, text }) => palette.bad(`${kind}: ${printable(text)}`));
  return [
    `${world.charAt(0).toUpperCase()}${world.slice(1)}.`,
    '',
    ...colourTimeline(timeline, palette),
    '',
    ...verdict,
    '',
    'Replay it:',
    `  ${replay}`,
  ].join('\n');
}

function verdictOf({ strategy, promise, report }: WorldSearchRun, palette: Palette): string {
  const { wrong, histories, worlds } = report;
  const all = `${formatCounted(histories, 'history', 'histories')} of ${formatCounted(worlds, 'small world')}`;
  if (wrong === 0) {
    return palette.good(`EXACT: ${strategy} counts each record once in all ${all}`);
  }
  const some = `${formatCount(wrong)} of ${all}`;
  return promise === 'exact'
    ? palette.bad(`BROKEN: ${strategy} promises to be exact, and is not in ${some}`)
    : palette.warning(`WRONG: ${strategy} promises nothing, and is not exact in ${some}`);
}

/** Puts what all searches came to into a form for programs. */
export function searchToJson({ runs, ...rest }: WorldSearchResult): unknown {
  const isBroken = runs.some(({ promise, report }) => promise === 'exact' && report.wrong > 0);
  return {
    verdict: isBroken ? 'broken' : rest.isInterrupted ? 'interrupted' : 'kept',
    ...rest,
    runs: runs.map(({ report: { examples: _, ...report }, ...run }) => ({ ...run, ...report })),
  };
}
