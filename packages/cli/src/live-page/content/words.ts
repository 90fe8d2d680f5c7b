import { printable } from '../../terminal/printable.ts';
import { FAILED_IN_PART, type StageFailure } from '../board/live-board.ts';

/** Longer text from outside is cut. */
const TEXT_LENGTH_MAX = 160;

/** Text from records, logs or templates: nothing in it may change how the rest reads, or fill the page. */
export function outside(text: string): string {
  const shown = printable(text.slice(0, TEXT_LENGTH_MAX + 1));
  return shown.length > TEXT_LENGTH_MAX ? `${shown.slice(0, TEXT_LENGTH_MAX)}…` : shown;
}

/** Characters that a long name keeps at its beginning and at its end. */
const KEPT = { head: 9, tail: 12 } as const;

/** A name from outside, cut in the middle: what tells one from another is at the end. */
export function outsideName(name: string): string {
  const { head, tail } = KEPT;
  return outside(name.length > head + tail ? `${name.slice(0, head)}…${name.slice(-tail)}` : name);
}

/** The time of day on this machine, such as `12:00:01`. */
export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** Such as `0.4 s`, `12 s`, `3 min`, which no line breaks apart. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)}\u00a0s`;
  }
  return seconds < 120 ? `${Math.round(seconds)}\u00a0s` : `${Math.floor(seconds / 60)}\u00a0min`;
}

/** Such as `0.4`, `12`, `1,204`. */
export function rateText(perSecond: number): string {
  return perSecond > 0 && perSecond < 10
    ? perSecond.toFixed(1)
    : Math.round(perSecond).toLocaleString('en-US');
}

/** Such as `last batch failed: RangeError`. */
export function lastFailureText({ outcome }: StageFailure): string {
  return outcome === FAILED_IN_PART
    ? `last batch ${FAILED_IN_PART}`
    : `last batch failed: ${outside(outcome)}`;
}
