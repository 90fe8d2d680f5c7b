import type { Draw } from '../random/draw.ts';
import { type FaultKind, faultKinds } from './fault-kinds.ts';

/** One fault of a history: its kind, and the how manieth chance of that kind it took. */
export type FaultId = `${FaultKind}:${number}`;

/** What decides over the faults of a history. */
export interface FaultOptions {
  /** Kinds that may be drawn; by default all. */
  readonly kinds?: readonly FaultKind[] | undefined;
  /** The faults that happen, and no other ones; absent: those that are drawn. */
  readonly kept?: ReadonlySet<FaultId> | undefined;
}

/** Decides, chance by chance, whether a fault happens. */
export interface FaultPlan {
  /** Says whether the next chance of this kind is taken; the numbers of that fault are the caller's to draw from. */
  strikes(kind: FaultKind): Draw | undefined;
  /** From now on nothing fails any more. */
  stop(): void;
  /** The faults that happened, in their order. */
  readonly injected: readonly FaultId[];
}

/** How often a kind strikes where it is drawn at all: faults that cost a history its time are rarer. */
const RATES: Readonly<Record<FaultKind, readonly [number, number]>> = {
  'request-lost': [0.02, 0.2],
  'reply-lost': [0.02, 0.3],
  'lands-late': [0.02, 0.25],
  'lands-twice': [0.02, 0.3],
  throttled: [0.02, 0.3],
  conflict: [0.02, 0.3],
  'server-error': [0.02, 0.2],
  'server-error-after-commit': [0.02, 0.3],
  'unreadable-answer': [0.02, 0.3],
  'throttled-in-part': [0.1, 0.5],
  'slow-transaction': [0.1, 0.6],
  'crash-before-request': [0.02, 0.2],
  'crash-after-request': [0.02, 0.3],
  'crash-at-start': [0.02, 0.2],
  'crash-before-answer': [0.1, 0.5],
  stall: [0.02, 0.2],
  'sandbox-recycled': [0.05, 0.5],
  'invocation-throttled': [0.02, 0.3],
  deployment: [0.02, 0.2],
  redelivered: [0.1, 0.6],
  'redelivered-late': [0.1, 0.5],
  regrouped: [0.1, 0.6],
  'poller-restarted': [0.05, 0.4],
  'poller-doubled': [0.02, 0.15],
  'read-failed': [0.02, 0.2],
  'shard-split': [0.05, 0.3],
  'shards-merged': [0.05, 0.3],
};

/** A kind that a history has. */
interface Chances {
  readonly rate: number;
  readonly draw: Draw;
  /** Chances so far, whether the fault happened or not. */
  taken: number;
}

/** Faults of one history: when days pass in it, they would go on for as long and say nothing new. */
const FAULTS_MAX = 500;

/** Share of the kinds that one history has: with all of them at once, nothing would ever get far enough to go wrong. */
const KINDS_SHARE = 0.3;

/**
 * Draws which kinds a history has and how often each strikes ("swarm testing": Groce et al., ISSTA 2012).
 *
 * Whether a chance is taken depends on the seed, the kind and the chance's number alone.
 */
export function createFaultPlan(draw: Draw, { kinds = faultKinds, kept }: FaultOptions = {}): FaultPlan {
  const drawn = new Map<FaultKind, Chances>();
  const allowed = new Set(kinds);
  // Few kinds are meant: then each history has all of them.
  const share = kinds.length <= 3 ? 1 : KINDS_SHARE;
  for (const kind of faultKinds) {
    const own = draw.fork(kind);
    const isDrawn = own.chance(share) && allowed.has(kind);
    const [low, high] = RATES[kind];
    if (isDrawn || kept !== undefined) {
      drawn.set(kind, { rate: low + own.fraction() * (high - low), draw: own, taken: 0 });
    }
  }
  const injected: FaultId[] = [];
  let isStopped = false;
  return {
    injected,
    stop: () => {
      isStopped = true;
    },
    strikes: (kind) => {
      const chances = drawn.get(kind);
      if (chances === undefined || isStopped) {
        return undefined;
      }
      const chance = chances.taken;
      chances.taken += 1;
      const own = chances.draw.fork('chance', chance);
      const isTaken = own.chance(chances.rate);
      if (kept === undefined && !isTaken) {
        return undefined;
      }
      const id: FaultId = `${kind}:${chance}`;
      if (kept?.has(id) === false) {
        return undefined;
      }
      injected.push(id);
      isStopped = injected.length >= FAULTS_MAX;
      return own;
    },
  };
}
