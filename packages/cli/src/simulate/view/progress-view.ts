import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import type { LiveText } from '../../terminal/live-view.ts';
import type { Palette } from '../../terminal/palette.ts';
import type { SimulateOptions } from '../simulate-options.ts';
import { nameOf } from '../simulations/choose-sources.ts';
import type { SimulationSource } from '../simulations/simulation-source.ts';
import type { Tally } from '../workers/worker-messages.ts';

const BAR_WIDTH = 24;
/** A run of a million histories in a log should still be readable. */
const LINES_EVERY_MS = 5_000;

/** How far the histories of one simulation are. */
export interface SimulationProgress {
  readonly source: SimulationSource;
  readonly seeds: number;
  readonly tally: Tally;
  readonly elapsedMs: number;
}

/** Says what is going to be run; with the base seed, so that everything can be run again. */
export function headline(what: {
  readonly options: SimulateOptions;
  readonly baseSeed: number;
  readonly workers: number;
}): string {
  const { options, baseSeed, workers } = what;
  const { seeds, stage, module, faults } = options;
  const subject = module === undefined ? `the stage ${stage}` : module;
  const kinds = faults === undefined ? 'all faults' : `faults ${faults.join(', ')}`;
  return `${formatCounted(seeds, 'history', 'histories')} of ${subject}, base seed ${baseSeed}, ${kinds}, ${formatCounted(workers, 'worker')}; starting …`;
}

/** Shows how far the histories are: as a bar, or in lines. */
export function progressText(progress: () => SimulationProgress, palette: Palette): LiveText {
  let told = -1;
  return {
    view: () => barOf(progress(), palette),
    lines: () => {
      const now = progress();
      const isNews = now.tally.histories !== told;
      told = now.tally.histories;
      return isNews ? [lineOf(now, palette)] : [];
    },
    linesEveryMs: LINES_EVERY_MS,
  };
}

/** Histories in a second, rounded. */
export function perSecond(histories: number, elapsedMs: number): number {
  return elapsedMs === 0 ? 0 : Math.round((histories * 1_000) / elapsedMs);
}

function barOf(progress: SimulationProgress, palette: Palette): string {
  const filled = Math.floor((progress.tally.histories / progress.seeds) * BAR_WIDTH);
  const bar = '━'.repeat(filled) + palette.faint('─'.repeat(BAR_WIDTH - filled));
  return `  ${palette.strong(nameOf(progress.source))}  ${bar}  ${describe(progress, palette)}`;
}

function lineOf(progress: SimulationProgress, palette: Palette): string {
  return `${nameOf(progress.source).padEnd(13)}  ${describe(progress, palette)}`;
}

function describe({ seeds, tally, elapsedMs }: SimulationProgress, palette: Palette): string {
  const { histories, violating } = tally;
  const found = `${formatCount(violating.count)} violating`;
  return [
    `${formatCount(histories)} of ${formatCounted(seeds, 'history', 'histories')}`,
    `${formatCount(perSecond(histories, elapsedMs))} a second`,
    violating.count === 0 ? found : palette.bad(found),
  ].join(', ');
}
