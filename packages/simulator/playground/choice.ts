import { type FaultKind, faultKinds } from '../src/faults/fault-kinds.ts';
import type { StrategyName } from '../src/index.ts';

/** What a reader has chosen, and where they are in it. */
export interface Choice {
  readonly strategy: StrategyName;
  /** In the order of the list; all of them is the usual case. */
  readonly faults: readonly FaultKind[];
  readonly seed: number;
  /** Undefined: where it goes wrong, or the first one. */
  readonly step: number | undefined;
}

export const strategyNames: readonly StrategyName[] = ['none', 'request-token', 'ledger', 'checkpoint'];

/** Seeds are whole numbers that `oncefold simulate` takes, too. */
export const SEED_MAX: number = 2 ** 31 - 1;

const initial: Choice = { strategy: 'none', faults: faultKinds, seed: 3, step: undefined };

/** Reads the part of an address behind its `#`; what it does not say, or says wrongly, is as at the beginning. */
export function parseChoice(fragment: string): Choice {
  const values = new URLSearchParams(fragment.replace(/^#/, ''));
  const strategy = strategyNames.find((name) => name === values.get('strategy'));
  const named = values.get('faults')?.split(',');
  return {
    strategy: strategy ?? initial.strategy,
    faults: named === undefined ? faultKinds : faultKinds.filter((kind) => named.includes(kind)),
    seed: wholeNumber(values.get('seed'), SEED_MAX) ?? initial.seed,
    step: wholeNumber(values.get('step'), Number.MAX_SAFE_INTEGER),
  };
}

/** Writes a choice as {@link parseChoice} reads it. */
export function formatChoice({ strategy, faults, seed, step }: Choice): string {
  const parts = [
    `strategy=${strategy}`,
    ...(hasAllFaults(faults) ? [] : [`faults=${faults.join(',')}`]),
    `seed=${seed}`,
    ...(step === undefined ? [] : [`step=${step}`]),
  ];
  return `#${parts.join('&')}`;
}

/** The command that makes the same history; undefined where there is none, because the command takes no empty list of faults. */
export function commandOf({ strategy, faults, seed }: Choice): string | undefined {
  if (faults.length === 0) {
    return undefined;
  }
  const only = hasAllFaults(faults) ? '' : ` --faults ${faults.join(',')}`;
  return `npm run oncefold -- simulate --strategy ${strategy} --seed ${seed}${only}`;
}

export function hasAllFaults(faults: readonly FaultKind[]): boolean {
  return faults.length === faultKinds.length;
}

function wholeNumber(text: string | null, max: number): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}
