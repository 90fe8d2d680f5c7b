import { formatCount } from '@oncefold/comparison/format-number';
import { clockText, createTimeline, type HistoryResult, type Timeline } from '@oncefold/simulator';
import type { Palette } from '../../terminal/palette.ts';
import { printable } from '../../terminal/printable.ts';

/** Of a long history, so many steps are told from the beginning, from the end, and before and after each moment. */
const STEPS_SHOWN = { first: 120, last: 60, around: 25 } as const;
const CLOCK_WIDTH = 13;
/** Begins the line that says what goes wrong. */
const MOMENT = '>>>';

/** A history that was recorded in detail, one line a step, with what goes wrong where it does. */
export function timelineLines({
  history,
  violations,
}: Pick<HistoryResult, 'history' | 'violations'>): readonly string[] {
  const timeline = createTimeline(history, violations);
  const { steps } = timeline;
  const shown = steps.filter(({ number }) => isShown(number, timeline));
  let before = 0;
  return shown.flatMap((step) => {
    const omitted = step.number - before - 1;
    before = step.number;
    const { fault, text } = step;
    const what = fault === undefined ? text : `${text} [${fault.kind}: ${fault.text}]`;
    return [
      ...(omitted > 0
        ? [indented(`… ${formatCount(omitted)} steps more: --json and --output have them`)]
        : []),
      `${clockText(step.at).padStart(CLOCK_WIDTH)}  ${printable(what)}`,
      ...timeline.moments
        .filter((moment) => moment.step === step.number)
        .flatMap(({ title, explanation }) => [
          `${MOMENT.padStart(CLOCK_WIDTH)}  ${printable(title)}`,
          ...explanation.map((sentence) => indented(printable(sentence))),
        ]),
    ];
  });
}

/** Colours what goes wrong, and the faults. */
export function colourTimeline(lines: readonly string[], palette: Palette): readonly string[] {
  return lines.map((line) =>
    line.trimStart().startsWith(MOMENT)
      ? palette.bad(line)
      : line.replace(/ \[[a-z-]+: .*\]$/, (fault) => palette.warning(fault)),
  );
}

function isShown(number: number, { steps, moments }: Timeline): boolean {
  const { first, last, around } = STEPS_SHOWN;
  return (
    number <= first ||
    number > steps.length - last ||
    moments.some(({ step }) => Math.abs(step - number) <= around)
  );
}

function indented(text: string): string {
  return `${' '.repeat(CLOCK_WIDTH)}  ${text}`;
}
