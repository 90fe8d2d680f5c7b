import type { EventBody, History, HistoryEvent, Violation } from '../history/history.ts';
import { createTurn, type Turn } from '../scheduler/turn.ts';
import type { WrongHistory } from './search-world.ts';
import { describeWorld, smallWorlds } from './small-world.ts';
import { beginWorldRun, type Decision, type WorldSubject } from './world-run.ts';

/** Faults that a replay may meet: as many as any search allows. */
const FAULTS_MAX = 2;

/** A history of a small world, to be read. */
export interface ReplayedWorld {
  /** What the world is, in words. */
  readonly world: string;
  /** What was decided, in words, in the order of the decisions. */
  readonly decisions: readonly string[];
  /** What happened; a step of time for each decision. */
  readonly history: History;
  readonly violations: readonly Violation[];
}

/**
 * Makes a history of a small world once more, and records it.
 *
 * @param named - from a report of {@link exhaustWorlds}, which was made with the same subject
 */
export async function replayWorld(
  { world: number, choices }: Pick<WrongHistory, 'world' | 'choices'>,
  subject: WorldSubject & { readonly faultsMax?: number; readonly turn?: Turn },
): Promise<ReplayedWorld> {
  const { turn = createTurn(), faultsMax = FAULTS_MAX } = subject;
  const world = smallWorlds()[number];
  if (world === undefined) {
    throw new Error(`there is no small world ${number}`);
  }
  const history: HistoryEvent[] = [];
  const decisions: string[] = [];
  const record = (event: EventBody): void => {
    history.push({ at: decisions.length, ...event });
  };
  const run = beginWorldRun(world, subject, { faultsMax, record });
  for (;;) {
    const state = run.advance();
    switch (state.code) {
      case 'turn':
        await turn();
        break;
      case 'ended':
        return { world: describeWorld(world), decisions, history, violations: state.violations };
      case 'decide': {
        const decision = state.decisions[choices[decisions.length] ?? 0];
        if (decision === undefined) {
          throw new Error(`world ${number} has no such choice: ${choices.join(', ')}`);
        }
        decisions.push(describeDecision(decision));
        run.decide(decision);
      }
    }
  }
}

function describeDecision(decision: Decision): string {
  switch (decision.type) {
    case 'send':
      return `process ${decision.process + 1} sends${decision.fault === undefined ? '' : `: ${decision.fault}`}`;
    case 'land':
      return `late request ${decision.late + 1} lands`;
    case 'deliver-all':
      return 'all records are delivered once more, to process 3';
  }
}
