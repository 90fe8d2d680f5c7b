/** Faults that can be injected, each with its effect. */
export const faultKinds = {
  'kill-after-commit': 'the process is killed after a write of its own, before it can answer',
  'lost-reply': 'the engine writes, and the function gets no reply',
  throttle: 'a request is throttled, and nothing is written',
  redeliver: 'a batch that succeeded is redelivered at once',
  regroup: 'the records of a batch are redelivered in other batches',
  'late-retry': 'a batch that succeeded is redelivered later, when request tokens have expired',
  'two-pollers': 'a second poller reads the same stream at the same time',
} as const;

export type FaultKind = keyof typeof faultKinds;

export interface FaultSettings {
  /** Chances from above 0 to 1; `two-pollers` is 1 where it is wanted. */
  readonly rates: ReadonlyMap<FaultKind, number>;
  /** Any whole number from 0; drawn when absent. */
  readonly seed: number | undefined;
}

/** Faults as a program gives them. */
export type Faults = { readonly [Kind in Exclude<FaultKind, 'two-pollers'>]?: number } & {
  /** A second poller reads each stream at the same time. */
  readonly 'two-pollers'?: boolean;
  /** Same seed, same pattern of faults: a whole number from 0; drawn when absent. */
  readonly seed?: number;
};

export class FaultSettingsError extends Error {
  override readonly name = 'FaultSettingsError';
  readonly code = 'fault-settings';
}

/** Of `late-retry`, which may be asked for without a number. */
const LATE_RETRY_RATE = 0.05;
const SEED_MAX = 2 ** 31 - 1;

const noFaults: FaultSettings = { rates: new Map(), seed: undefined };

/**
 * Reads faults as they are typed, and adds them to those read before.
 *
 * @param text - `kind=rate` with commas between, such as `redeliver=0.1,two-pollers,seed=42`
 */
export function addFaults(text: string, before: FaultSettings = noFaults): FaultSettings {
  const rates = new Map(before.rates);
  let { seed } = before;
  for (const setting of text.split(',').map((each) => each.trim())) {
    const [name = '', value, ...more] = setting.split('=');
    if (more.length > 0) {
      throw new FaultSettingsError(`${setting} has more than one equals sign`);
    }
    if (name === 'seed') {
      if (seed !== undefined) {
        throw new FaultSettingsError('the seed of the faults is given twice');
      }
      seed = readSeed(value);
      continue;
    }
    if (!isFaultKind(name)) {
      throw new FaultSettingsError(`${name || 'nothing'} is no fault; there are ${kindNames().join(', ')}`);
    }
    if (rates.has(name)) {
      throw new FaultSettingsError(`${name} is given twice`);
    }
    rates.set(name, readRate(name, value));
  }
  return { rates, seed };
}

/**
 * Reads faults as a program gives them.
 *
 * @param faults - the chance of each kind, from above 0 to 1, and the seed
 */
export function readFaults(faults: Faults): FaultSettings {
  const settings = Object.entries(faults).flatMap(([name, value]) => {
    if (value === undefined || value === false) {
      return [];
    }
    return [value === true ? name : `${name}=${value}`];
  });
  return settings.length === 0 ? noFaults : addFaults(settings.join(','));
}

function readRate(kind: FaultKind, value: string | undefined): number {
  if (kind === 'two-pollers') {
    if (value !== undefined) {
      throw new FaultSettingsError('two-pollers takes no number: they poll all the time');
    }
    return 1;
  }
  if (value === undefined && kind === 'late-retry') {
    return LATE_RETRY_RATE;
  }
  const rate = value !== undefined && /^\d?(\.\d{1,9})?$/.test(value) ? Number(value) : 0;
  if (!(rate > 0 && rate <= 1)) {
    throw new FaultSettingsError(`${kind} needs a chance above 0 and up to 1, such as ${kind}=0.1`);
  }
  return rate;
}

function readSeed(value: string | undefined): number {
  const seed = value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (!(seed <= SEED_MAX)) {
    throw new FaultSettingsError(`the seed of the faults must be a whole number from 0 to ${SEED_MAX}`);
  }
  return seed;
}

function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(faultKinds, name);
}

function kindNames(): readonly string[] {
  return Object.keys(faultKinds);
}
