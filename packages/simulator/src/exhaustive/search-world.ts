import type { Violation } from '../history/history.ts';
import type { SmallWorld } from './small-world.ts';
import { beginWorldRun, type WorldRun, type WorldSubject } from './world-run.ts';

/** A history of a small world that is wrong: the world and the choices name it, and {@link replayWorld} shows it. */
export interface WrongHistory {
  readonly world: number;
  /** Of the decisions that there are at each point, the one that is taken. */
  readonly choices: readonly number[];
  readonly violations: readonly Violation[];
}

/** What the search of one world came to. */
export interface SearchResult {
  /** Histories: ways through all decisions to an end. */
  readonly histories: number;
  readonly wrong: number;
  /** Runs that it took: histories that meet in one state are run from there once. */
  readonly runs: number;
  /** The first histories that are wrong. */
  readonly examples: readonly WrongHistory[];
}

/** A search that is being made, so that several can share the turns of the environment. */
export interface WorldSearch {
  /** Goes on until simulated code is to run (`turn`), or all is searched. */
  advance(): 'turn' | 'ended';
  result(): SearchResult;
}

/** How a world is searched. */
export interface SearchOptions {
  readonly subject: WorldSubject;
  readonly faultsMax: number;
  readonly examplesMax: number;
  /** Whether histories that meet in one state go on together. */
  readonly mergesStates: boolean;
}

interface Counts {
  histories: number;
  wrong: number;
}

/** A point at which something was decided, on the way to where the search is. */
interface Point extends Counts {
  readonly key: string | undefined;
  readonly decisions: number;
  choice: number;
}

/**
 * Searches a world depth first, through every decision.
 *
 * Nothing is taken back: each run begins anew and repeats the choices up to where the next one differs. A state that has been
 * searched before is not searched again, whatever way leads there; its histories are counted for each way. That loses nothing,
 * because everything that can still happen follows from the state.
 */
export function beginSearch(world: SmallWorld, options: SearchOptions): WorldSearch {
  const { subject, faultsMax, examplesMax, mergesStates } = options;
  const known = new Map<string, Counts>();
  const path: Point[] = [];
  const total: Counts = { histories: 0, wrong: 0 };
  const examples: WrongHistory[] = [];
  let runs = 0;
  let depth = 0;
  let run: WorldRun | undefined;

  const count = ({ histories, wrong }: Counts): void => {
    const point = path.at(-1) ?? total;
    point.histories += histories;
    point.wrong += wrong;
  };
  /** To the next choice that is left; false where there is none. */
  const goBack = (): boolean => {
    run = undefined;
    for (let point = path.at(-1); point !== undefined; point = path.at(-1)) {
      point.choice += 1;
      if (point.choice < point.decisions) {
        return true;
      }
      path.pop();
      if (point.key !== undefined) {
        known.set(point.key, { histories: point.histories, wrong: point.wrong });
      }
      count(point);
    }
    return false;
  };
  /** Ends this run, whose histories from here on are counted. */
  const meet = (counts: Counts): boolean => {
    count(counts);
    return goBack();
  };
  /** The point at which the run is; undefined: its state has been searched. */
  const pointAt = (decisions: number): Point | undefined => {
    const key = mergesStates ? run?.key() : undefined;
    const before = key === undefined ? undefined : known.get(key);
    if (before !== undefined) {
      return undefined;
    }
    const point: Point = { key, decisions, choice: 0, histories: 0, wrong: 0 };
    path.push(point);
    return point;
  };

  return {
    advance: () => {
      for (;;) {
        if (run === undefined) {
          run = beginWorldRun(world, subject, { faultsMax });
          runs += 1;
          depth = 0;
        }
        const state = run.advance();
        if (state.code === 'turn') {
          return 'turn';
        }
        let goesOn = true;
        if (state.code === 'ended') {
          const wrong = state.violations.length > 0 ? 1 : 0;
          if (wrong > 0 && examples.length < examplesMax) {
            const choices = path.map(({ choice }) => choice);
            examples.push({ world: world.number, choices, violations: state.violations });
          }
          goesOn = meet({ histories: 1, wrong });
        } else {
          const point = path[depth] ?? pointAt(state.decisions.length);
          if (point === undefined) {
            goesOn = meet(known.get(run.key()) as Counts);
          } else {
            depth += 1;
            run.decide(state.decisions[point.choice] as (typeof state.decisions)[number]);
          }
        }
        if (!goesOn) {
          return 'ended';
        }
      }
    },
    result: () => ({ ...total, runs, examples }),
  };
}
