import { createSeededDraw } from '../random/seeded-draw.ts';
import type { FaultKind } from './fault-settings.ts';

/** Decides by chance, the same for the same seed and label. */
export interface FaultDecisions {
  injects(kind: FaultKind, label: string): boolean;
  isLikely(chance: number, label: string): boolean;
  /** A whole number from 0 to below the limit. */
  draw(label: string, limit: number): number;
}

/** Chances are drawn in millionths. */
const DRAW_LIMIT = 1_000_000;

export function createFaultDecisions(rates: ReadonlyMap<FaultKind, number>, seed: number): FaultDecisions {
  const draw = createSeededDraw(seed, 'fault-injection');
  const isLikely = (chance: number, label: string): boolean => draw(label, DRAW_LIMIT) < chance * DRAW_LIMIT;
  return {
    injects(kind, label) {
      const rate = rates.get(kind);
      return rate !== undefined && isLikely(rate, `${kind} ${label}`);
    },
    isLikely,
    draw,
  };
}
