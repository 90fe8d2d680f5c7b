import type { History, Violation } from '../history/history.ts';
import { findMoments, type Moment } from './find-moments.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import { type Step, stepOfEvent, stepsOf } from './steps.ts';
import { type HistoryTrace, traceHistory } from './trace-history.ts';

/** A history as it is shown. */
export interface Timeline {
  readonly trace: HistoryTrace;
  readonly steps: readonly Step[];
  readonly lanes: Lanes;
  /** Where it goes wrong, the earliest first; empty: it does not. */
  readonly moments: readonly (Moment & { readonly step: number })[];
}

/** Makes the timeline of a history that was recorded with `isDetailed`. */
export function createTimeline(history: History, violations: readonly Violation[]): Timeline {
  const trace = traceHistory(history);
  const steps = stepsOf(trace);
  const moments = findMoments(trace, violations).map((moment) => ({
    ...moment,
    step: stepOfEvent(steps, moment.event)?.number ?? steps.length,
  }));
  return { trace, steps, lanes: lanesOf(trace), moments };
}
