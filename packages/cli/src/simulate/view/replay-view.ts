import { formatCounted } from '@oncefold/comparison/format-number';
import type { HistoryResult } from '@oncefold/simulator';
import type { Palette } from '../../terminal/palette.ts';
import { printable } from '../../terminal/printable.ts';
import { nameOf } from '../simulations/choose-sources.ts';
import type { SimulationSource } from '../simulations/simulation-source.ts';
import { colourTimeline, timelineLines } from './timeline-view.ts';

/** Tells one history. */
export function replayView(source: SimulationSource, result: HistoryResult, palette: Palette): string {
  const { scenario, records, faults, violations } = result;
  const size = `${formatCounted(records.length, 'record')}, ${formatCounted(faults.length, 'fault')}`;
  const verdict =
    violations.length === 0
      ? [palette.good('EXACT: no violation')]
      : violations.map(({ kind, text }) => palette.bad(`${kind}: ${printable(text)}`));
  return [
    palette.strong(`seed ${scenario.seed} of ${nameOf(source)}: ${size}`),
    '',
    ...colourTimeline(timelineLines(result), palette),
    '',
    ...verdict,
  ].join('\n');
}
