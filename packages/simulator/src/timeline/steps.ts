import { type FaultKind, faultDescriptions } from '../faults/fault-kinds.ts';
import type { HistoryEvent } from '../history/history.ts';
import { describeEvent, type Tone } from './describe-event.ts';
import { type HistoryTrace, kindOf, makerOf, requestOf } from './trace-history.ts';
import { countText } from './words.ts';

/** One line of a timeline: an event, with what belongs to it. */
export interface Step {
  /** From 1. */
  readonly number: number;
  /** Virtual milliseconds. */
  readonly at: number;
  /** Virtual milliseconds since the step before. */
  readonly gapMs: number;
  /** Indexes of its events: the main one is the last. */
  readonly events: readonly number[];
  readonly tone: Tone;
  readonly text: string;
  /** The fault that struck here, in words. */
  readonly fault: { readonly kind: FaultKind; readonly text: string } | undefined;
  readonly records: readonly string[];
  /** What a step of several uneventful events contains. */
  readonly details: readonly string[];
}

type Draft = Omit<Step, 'number' | 'gapMs'>;

/** Makes the steps of a history: changes of items go with what made them, faults with what they struck. */
export function stepsOf(trace: HistoryTrace): readonly Step[] {
  const steps: Step[] = [];
  let before = 0;
  for (const draft of joinQuiet(draftsOf(trace))) {
    steps.push({ ...draft, number: steps.length + 1, gapMs: draft.at - before });
    before = draft.at;
  }
  return steps;
}

/** The step that an event is in. */
export function stepOfEvent(steps: readonly Step[], event: number): Step | undefined {
  return steps.find(({ events }) => (events.at(-1) ?? -1) >= event);
}

function draftsOf(trace: HistoryTrace): readonly Draft[] {
  const { history } = trace;
  const drafts: Draft[] = [];
  let waiting: number[] = [];
  for (const [index, event] of history.entries()) {
    if (event.type === 'item-changed' && makerOf(history, index) !== undefined) {
      waiting.push(index);
      continue;
    }
    const next = history[index + 1];
    if (event.type === 'fault' && next !== undefined && strikes(event, next)) {
      waiting.push(index);
      continue;
    }
    drafts.push(draftOf(trace, [...waiting, index]));
    waiting = [];
  }
  return drafts;
}

/** Whether a fault and the event after it are one thing. */
function strikes(fault: HistoryEvent & { type: 'fault' }, next: HistoryEvent): boolean {
  switch (next.type) {
    case 'request-sent':
      return requestOf(fault) === next.request;
    case 'invocation-ended':
    case 'program-ended':
      return fault.target === next.sandbox;
    case 'deployed':
      return kindOf(fault) === 'deployment';
    case 'shards-changed':
      return kindOf(fault) === 'shard-split' || kindOf(fault) === 'shards-merged';
    case 'poller-started':
      return kindOf(fault) === 'poller-doubled';
    default:
      return false;
  }
}

function draftOf(trace: HistoryTrace, events: readonly number[]): Draft {
  const { history } = trace;
  const main = events.at(-1) ?? 0;
  const fault = events
    .map((index) => history[index])
    .find((event): event is HistoryEvent & { type: 'fault' } => event?.type === 'fault');
  const { text, tone, records } = describeEvent(trace, main);
  const struck = fault === undefined ? undefined : kindOf(fault);
  // A deployment, a split or a second poller is what the fault is.
  const saysItself = !['request-sent', 'invocation-ended', 'program-ended'].includes(
    history[main]?.type ?? '',
  );
  return {
    at: history[main]?.at ?? 0,
    events,
    tone: struck !== undefined && saysItself && tone === 'plain' ? 'fault' : tone,
    text,
    fault: struck === undefined || saysItself ? undefined : { kind: struck, text: faultDescriptions[struck] },
    records,
    details: [],
  };
}

/** Uneventful steps in a row become one. */
function joinQuiet(drafts: readonly Draft[]): readonly Draft[] {
  const joined: Draft[] = [];
  let run: Draft[] = [];
  const endRun = (): void => {
    const last = run.at(-1);
    if (run.length === 1 && last !== undefined) {
      joined.push(last);
    } else if (last !== undefined) {
      joined.push({
        ...last,
        text: `${countText(run.length, 'uneventful step')}: checkpoints, reads and the like`,
        fault: undefined,
        events: run.flatMap(({ events }) => events),
        records: [...new Set(run.flatMap(({ records }) => records))],
        details: run.map(({ text }) => text),
      });
    }
    run = [];
  };
  for (const draft of drafts) {
    if (draft.tone === 'quiet') {
      run.push(draft);
    } else {
      endRun();
      joined.push(draft);
    }
  }
  endRun();
  return joined;
}
