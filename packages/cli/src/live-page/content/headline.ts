import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import { FAILED_IN_PART, type StageFailure } from '../board/live-board.ts';
import type { PageView, SumView } from './page-view.ts';
import { lastFailureText, outside } from './words.ts';

/** The page in one sentence. */
export interface Headline {
  readonly text: string;
  readonly state: 'right' | 'broken' | 'open';
  /** What a screen reader is told when it changes: without numbers that change all the time. */
  readonly announcement: string;
}

/** Says how it goes: never that a sum is wrong while something that can change it is on its way. */
export function headlineOf(view: PageView): Headline {
  const { told, tables } = view;
  if (told.conclusion !== undefined) {
    const { text, isGood } = told.conclusion;
    const shown = outside(text);
    return { text: shown, state: isGood ? 'right' : 'broken', announcement: shown };
  }
  if (!view.isRunning) {
    return open('Starting engines, tables and functions');
  }
  const compared = tables?.isCompared === true ? tables.sums : [];
  return (
    wrongHeadline(compared) ??
    failingHeadline(view.stages) ??
    (compared.length > 0 ? exactHeadline(compared, view.stages) : busyHeadline(view))
  );
}

function wrongHeadline(sums: readonly SumView[]): Headline | undefined {
  const wrong = sums.filter(({ state }) => state === 'wrong').length;
  if (wrong === 0) {
    return undefined;
  }
  const all = formatCounted(sums.length, 'sum');
  return broken(`${formatCount(wrong)} of ${all} ${wrong === 1 ? 'is' : 'are'} wrong`);
}

/** Says which function fails though nobody asked for it, and what failed was not given up. */
function failingHeadline(stages: PageView['stages']): Headline | undefined {
  const [first, ...others] = stages.flatMap(({ name, failing }) =>
    failing === undefined || failing.isInduced || failing.isGivenUp ? [] : [failureText(name, failing)],
  );
  if (first === undefined) {
    return undefined;
  }
  const more = formatCounted(others.length, 'other function fails', 'other functions fail');
  return broken(others.length === 0 ? first : `${first}; ${more}`);
}

function failureText(name: string, failing: StageFailure): string {
  const { outcome } = failing;
  return outcome === FAILED_IN_PART
    ? `${outside(name)}: ${lastFailureText(failing)}`
    : `${outside(name)} fails: ${outside(outcome)}`;
}

function exactHeadline(sums: readonly SumView[], stages: PageView['stages']): Headline {
  const all = formatCounted(sums.length, 'sum');
  const exact = sums.length === 1 ? 'The one sum is exact' : `All ${all} are exact`;
  const givenUp = givenUpIn(stages);
  // What state gave up is in no trade, and no sum lacks it.
  const text = givenUp === undefined ? exact : `${exact}; ${givenUp}`;
  return { text, state: givenUp === undefined ? 'right' : 'open', announcement: text };
}

/** What was given up, in words; undefined: nothing was. */
function givenUpIn(stages: PageView['stages']): string | undefined {
  const records = stages.reduce((sum, { givenUp }) => sum + givenUp, 0);
  return records === 0 ? undefined : `${formatCounted(records, 'record was', 'records were')} given up`;
}

function busyHeadline({ told, stages, tables }: PageView): Headline {
  const { sent = 0, messages } = told;
  if (messages !== undefined && sent < messages) {
    return open(
      `Sending: ${formatCount(sent)} of ${formatCounted(messages, 'message')}`,
      'Messages are being sent',
    );
  }
  const behind = stages.reduce((sum, stage) => sum + stage.behind.records, 0);
  if (behind > 0 || stages.some(({ behind: { isMore } }) => isMore)) {
    return open(
      behind > 0 ? `In flight: ${formatCounted(behind, 'record')}` : 'In flight',
      'Records are in flight',
    );
  }
  // A queue hides what failed from everybody until its visibility timeout is over.
  if (stages.some(({ failing }) => failing?.isGivenUp === false)) {
    return open('Waiting until what failed is delivered again');
  }
  const hasWorked = stages.some(({ batches, failures }) => batches + failures > 0);
  if (hasWorked && tables?.sums.some(({ state }) => state !== 'exact') === true) {
    return open('Waiting for the sums');
  }
  const givenUp = givenUpIn(stages);
  if (givenUp !== undefined) {
    return open(`Nothing is in flight; ${givenUp}`);
  }
  return open(hasWorked ? 'Everything that was sent is processed' : 'Ready: waiting for records');
}

function open(text: string, announcement: string = text): Headline {
  return { text, state: 'open', announcement };
}

function broken(text: string): Headline {
  return { text, state: 'broken', announcement: text };
}
