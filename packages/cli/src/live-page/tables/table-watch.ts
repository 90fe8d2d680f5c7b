import { formatDecimal } from '@oncefold/reducer';
import type { OutcomeCounts } from '@oncefold/trades';
import type { ComparedSum } from '../../sums/compare-sums.ts';
import type { SumView, TablesView } from '../content/page-view.ts';
import { timeOfDay } from '../content/words.ts';
import type { SumsSource } from './sums-source.ts';

/** What is read of the tables, each as often as the watch decides. */
export interface TablePorts {
  /** Every sum as it is now, as decimal text. */
  readonly readSums: () => Promise<ReadonlyMap<string, string>>;
  readonly readAccounting: () => Promise<OutcomeCounts>;
  readonly readQuarantine: () => Promise<TablesView['quarantined']>;
  /** Goes up with everything that a function does. */
  readonly activity: () => number;
  /** Whether all streams were read to their end after a time, and no batch is open; milliseconds since the epoch. */
  readonly isAtRest: (sinceMs: number) => boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

interface Look extends Pick<TablesView, 'accounting' | 'quarantined'> {
  readonly source: SumsSource;
  /** What the functions had done when it began. */
  readonly activity: number;
  readonly endedAt: number;
  readonly tookMs: number;
  /** Absent where there was no time to compare. */
  readonly compared?: readonly ComparedSum[];
  readonly actual: ReadonlyMap<string, string>;
  /** All streams were read to their end after it. */
  isConfirmed: boolean;
}

interface Pause {
  readonly leastMs: number;
  /** In so many times the length of the look before. */
  readonly times: number;
  readonly mostMs?: number;
}

/** Pauses between looks. */
const pauses = {
  busy: { leastMs: 1_000, times: 10, mostMs: 5_000 },
  costly: { leastMs: 1_000, times: 20 },
  // A look that is final is repeated because somebody else may have written into the tables.
  rest: { leastMs: 30_000, times: 50 },
} as const;

/**
 * Looks at the tables of a running pipeline, so seldom that it takes a small part of their time.
 *
 * A difference counts only if nothing was on its way: no function has done anything since the look began, and all streams
 * were read to their end after it. Until then the sum is late.
 */
export class TableWatch {
  readonly #ports: TablePorts;
  #source: SumsSource;
  #look: Look | undefined;
  #looking: Promise<void> | undefined;
  #nextAt = 0;
  #isAtRest = false;
  #problem: string | undefined;

  constructor(ports: TablePorts, source: SumsSource) {
    this.#ports = ports;
    this.#source = source;
  }

  /** Compares with something else from now on. */
  compareWith(source: SumsSource): void {
    this.#source = source;
    this.#nextAt = 0;
  }

  /** Begins a look if it is time for one; to be called a few times a second. */
  turn(): void {
    const look = this.#look;
    const dueAt = look !== undefined && this.#isFinal(look) ? after(look, pauses.rest) : this.#nextAt;
    if (this.#looking === undefined && this.#ports.now() >= dueAt) {
      this.#looking = this.#lookOnce();
    }
  }

  /**
   * Looks once more, at the end.
   *
   * @param isAtRest - the command knows that nothing is on its way any more
   */
  async lookLast(isAtRest: boolean): Promise<void> {
    await this.#looking;
    await this.#lookOnce();
    this.#isAtRest = isAtRest;
  }

  /** What is known; nothing before the first look. */
  view(): TablesView | undefined {
    const look = this.#look;
    if (look === undefined) {
      return this.#problem === undefined ? undefined : { ...unread, problem: this.#problem };
    }
    const isCompared = this.#isFinal(look);
    return {
      sumsNote: noteOf(look, isCompared),
      sums:
        look.compared === undefined ? lateSums(look) : look.compared.map((sum) => sumView(sum, isCompared)),
      isCompared,
      accounting: look.accounting,
      quarantined: look.quarantined,
      problem: this.#problem,
    };
  }

  /** What fails is shown, and tried again at the next look. */
  async #lookOnce(): Promise<void> {
    const { now, activity, isAtRest, signal, ...ports } = this.#ports;
    const source = this.#source;
    const startedAt = now();
    const before = activity();
    // Asked before the tables are read.
    const isComparing = !source.isCostly || isAtRest(0);
    try {
      const quarantined = await ports.readQuarantine();
      const accounting = await ports.readAccounting();
      const compared = isComparing ? await source.compare(signal) : undefined;
      const actual = compared === undefined ? await ports.readSums() : new Map<string, string>();
      this.#look = {
        ...{ source, activity: before, accounting, quarantined, actual },
        ...{ endedAt: now(), tookMs: now() - startedAt, isConfirmed: false },
        ...(compared !== undefined && { compared }),
      };
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#looking = undefined;
    const pause = source.isCostly && isComparing ? pauses.costly : pauses.busy;
    this.#nextAt = after({ endedAt: now(), tookMs: now() - startedAt }, pause);
  }

  /** Nothing can have changed what the look has found; known once, it holds until a function does something. */
  #isFinal(look: Look): boolean {
    const { activity, isAtRest } = this.#ports;
    if (look.compared === undefined || look.source !== this.#source || !look.source.isComplete()) {
      return false;
    }
    if (this.#isAtRest) {
      return true;
    }
    look.isConfirmed ||= isAtRest(look.endedAt);
    return look.isConfirmed && look.activity === activity();
  }
}

function after(
  { endedAt, tookMs }: Pick<Look, 'endedAt' | 'tookMs'>,
  { leastMs, times, mostMs = Number.POSITIVE_INFINITY }: Pause,
): number {
  return endedAt + Math.min(mostMs, Math.max(leastMs, times * tookMs));
}

/** Before the tables could be read. */
const unread: TablesView = {
  sumsNote: 'Nothing has been read yet',
  sums: [],
  isCompared: false,
  accounting: undefined,
  quarantined: { count: 0, isMore: false, newest: [] },
  problem: undefined,
};

function noteOf({ source, compared, endedAt }: Look, isCompared: boolean): string {
  const at = timeOfDay(endedAt);
  if (compared === undefined) {
    return `As they were at ${at}; they are compared when nothing is on its way`;
  }
  return `${source.describe(at)}${isCompared ? '' : '; something is on its way'}`;
}

function lateSums({ actual }: Look): readonly SumView[] {
  return [...actual]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => ({ key, actual: text, state: 'late' }));
}

function sumView({ key, expected, actual, difference }: ComparedSum, isCompared: boolean): SumView {
  const state = difference === 0n ? 'exact' : isCompared ? 'wrong' : 'late';
  return {
    ...{ key, state, expected: formatDecimal(expected), actual: formatDecimal(actual) },
    difference: difference > 0n ? `+${formatDecimal(difference)}` : formatDecimal(difference),
  };
}
