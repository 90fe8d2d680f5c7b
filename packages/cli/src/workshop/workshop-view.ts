import { formatCounted, formatSeconds } from '@oncefold/comparison/format-number';
import { describeFinding } from '@oncefold/workshop';
import type { RoundView } from '../live-page/content/page-view.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { WorkshopResult, WorkshopRound } from './workshop-result.ts';

const FINDINGS_SHOWN = 20;

/**
 * Says how a round went, with the reason for each row that is wrong.
 *
 * @param context.number - its number, from 1
 */
export function roundView(
  round: WorkshopRound,
  context: { readonly number: number; readonly rounds: number; readonly score: number },
  palette: Palette,
): string {
  const { findings, verdict } = round;
  const told =
    verdict === 'perfect'
      ? palette.good(`perfect: ${formatCounted(round.rows, 'row')} exact`)
      : palette.bad(
          `${verdict}: ${findings.length} of ${formatCounted(round.rows, 'row')} ${verdict === 'late' ? 'not there in time' : 'wrong'}`,
        );
  const failures = round.withFailures ? ', with failures' : '';
  const line = `Round ${context.number} of ${context.rounds}: ${told}, ${formatSeconds(round.judgedAfterMs)} after the last message${failures}; ${round.points} points, score ${palette.strong(String(context.score))}`;
  const why = findings.slice(0, FINDINGS_SHOWN).map((one) => `  ${printable(describeFinding(one))}`);
  const more = findings.length > FINDINGS_SHOWN ? [`  and ${findings.length - FINDINGS_SHOWN} more`] : [];
  return [line, ...why, ...more].join('\n');
}

/** Says how the workshop went. */
export function workshopView(result: WorkshopResult, palette: Palette): string {
  const perfect = result.rounds.filter(({ verdict }) => verdict === 'perfect').length;
  const all = `${perfect} of ${formatCounted(result.rounds.length, 'round')} perfect, score ${result.score}`;
  const failures = formatCounted(result.inducedFailures, 'induced failure');
  const told = result.verdict === 'perfect' ? palette.good(`PERFECT: ${all}`) : palette.bad(`FAILED: ${all}`);
  return `${told}; ${failures}; seed ${result.seed}`;
}

/** A round that is over, for the page. */
export function roundOnPage(round: WorkshopRound, index: number): RoundView {
  const { verdict, findings, rows, points, judgedAfterMs, withFailures } = round;
  const [first] = findings;
  const how = `${formatCounted(findings.length, 'wrong row')} of ${rows}, ${formatSeconds(judgedAfterMs)} after the last message${withFailures ? ', with failures' : ''}; ${points} points`;
  return {
    number: index + 1,
    verdict,
    isGood: verdict === 'perfect',
    detail: first === undefined ? how : `${how}; ${describeFinding(first)}`,
  };
}
