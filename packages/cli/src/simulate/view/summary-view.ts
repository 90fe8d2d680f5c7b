import { formatCount, formatCounted, formatSeconds } from '@oncefold/comparison/format-number';
import { faultKinds } from '@oncefold/simulator/fault-kinds';
import { formatTable } from '../../terminal/format-table.ts';
import type { Palette } from '../../terminal/palette.ts';
import { printable } from '../../terminal/printable.ts';
import type { Finding, SimulateResult, SimulationRun } from '../simulate-result.ts';
import { nameOf } from '../simulations/choose-sources.ts';
import { perSecond } from './progress-view.ts';
import { colourTimeline } from './timeline-view.ts';

/** Shows what all histories have come to. */
export function summaryView(result: SimulateResult, palette: Palette): string {
  const { runs } = result;
  return [
    runsTable(runs),
    '',
    ...(runs.length === 0 ? [] : [faultsTable(result), '', coverageTable(runs), '']),
    ...runs.flatMap((run) => findingView(run, palette)),
    ...runs.map((run) => verdictView(run, result, palette)),
    ...runs
      .filter(({ missed }) => missed.length > 0)
      .map(({ source, missed }) =>
        palette.bad(`BLIND: ${nameOf(source)} has never met ${missed.join(', ')}`),
      ),
    ...(result.isInterrupted ? [palette.warning('INTERRUPTED: not all histories were run')] : []),
  ].join('\n');
}

function runsTable(runs: readonly SimulationRun[]): string {
  const titles = ['histories', 'took', 'a second', 'records', 'events', 'faults', 'violating'];
  return formatTable(
    [{ title: '', align: 'left' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
    runs.map(({ source, tally, elapsedMs }) => [
      nameOf(source),
      formatCount(tally.histories),
      formatSeconds(elapsedMs),
      formatCount(perSecond(tally.histories, elapsedMs)),
      formatCount(tally.records),
      formatCount(tally.events),
      formatCount(Object.values(tally.faults).reduce((sum, count) => sum + count, 0)),
      formatCount(tally.violating.count),
    ]),
  );
}

/** How often each fault was injected. */
function faultsTable({ runs, faults = faultKinds }: SimulateResult): string {
  return formatTable(
    [
      { title: 'fault', align: 'left' },
      ...runs.map(({ source }) => ({ title: nameOf(source), align: 'right' as const })),
    ],
    faults.map((kind) => [kind, ...runs.map(({ tally }) => countOrNever(tally.faults[kind]))]),
  );
}

/** In how many histories each outcome, branch and state was met. */
function coverageTable(runs: readonly SimulationRun[]): string {
  const names = new Set(runs.flatMap(({ tally }) => Object.keys(tally.met)));
  return formatTable(
    [
      { title: 'met in histories', align: 'left' },
      ...runs.map(({ source }) => ({ title: nameOf(source), align: 'right' as const })),
    ],
    [...names]
      .sort()
      .map((name) => [printable(name), ...runs.map(({ tally }) => countOrNever(tally.met[name]))]),
  );
}

function countOrNever(count: number | undefined): string {
  return count === undefined ? 'never' : formatCount(count);
}

/** What is wrong with the first violating seed, step by step. */
function findingView({ source, finding, tally }: SimulationRun, palette: Palette): readonly string[] {
  const { count, first } = tally.violating;
  if (count === 0) {
    return [];
  }
  const seeds = first.map(({ seed }) => seed).join(', ');
  return [
    palette.strong(`${nameOf(source)}: violating seeds ${seeds}${count > first.length ? ' and more' : ''}`),
    ...(finding === undefined ? [] : smallHistory(finding, palette)),
    '',
  ];
}

function smallHistory(finding: Finding, palette: Palette): readonly string[] {
  const [recordsBefore, records] = finding.records;
  const [faultsBefore, faults] = finding.faults;
  const small = `from ${formatCounted(recordsBefore, 'record')} and ${formatCounted(faultsBefore, 'fault')} to ${records} and ${faults}`;
  return [
    '',
    `Seed ${finding.seed}, made small (${small}, ${formatCounted(finding.tries, 'history', 'histories')} tried):`,
    '',
    ...colourTimeline(finding.timeline, palette),
    '',
    ...finding.violations.map(({ kind, text }) => palette.bad(`${kind}: ${printable(text)}`)),
    '',
    'Replay it:',
    `  ${finding.replay}`,
    ...(finding.page === undefined ? [] : [`Its page: ${finding.page}`]),
  ];
}

function verdictView(run: SimulationRun, { baseSeed }: SimulateResult, palette: Palette): string {
  const { source, promise, tally } = run;
  const { count, kinds } = tally.violating;
  const name = nameOf(source);
  const histories = formatCounted(tally.histories, 'history', 'histories');
  if (count === 0) {
    return palette.good(`EXACT: ${name} has no violation in ${histories} (base seed ${baseSeed})`);
  }
  const what = Object.entries(kinds)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${kind} in ${formatCount(times)}`)
    .join(', ');
  const where = `${formatCount(count)} of ${histories}: ${what} (base seed ${baseSeed})`;
  return promise === 'exact'
    ? palette.bad(`BROKEN: ${name} promises to be exact, and is not in ${where}`)
    : palette.warning(`WRONG: ${name} promises nothing, and is not exact in ${where}`);
}
