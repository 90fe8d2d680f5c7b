import type { Simulation } from '../application.ts';
import type { FaultId } from '../faults/fault-plan.ts';
import { type HistoryResult, runHistory, type Scenario } from '../run-history.ts';
import type { Turn } from '../scheduler/turn.ts';

/** Histories that are tried; a violation that is not small by then is shown as it is. */
const TRIES_MAX = 1_000;

/** How many chances earlier a fault is tried when a record is left out. */
const EARLIER_MAX = 3;

/** What is tried with 1: one stream, one shard, one process, one key of a record. */
const LIMITS = ['streamsMax', 'shardsMax', 'concurrencyMax', 'keysMax'] as const;

/** A smaller scenario that still goes wrong. */
export interface Shrunk {
  readonly result: HistoryResult;
  readonly tries: number;
}

/**
 * Makes a scenario that goes wrong as small as it gets: fewer records, faults, streams, shards and processes.
 *
 * A smaller one counts if it has a violation of a kind that the given one has, too. What is left out changes no other decision
 * of the seed, so most of what is tried goes wrong in the same way.
 *
 * @returns the smallest result that was found; the given one if it has no violation
 */
export async function shrinkScenario(
  simulation: Simulation,
  given: HistoryResult,
  { turn }: { readonly turn: Turn },
): Promise<Shrunk> {
  const kinds = new Set(given.violations.map(({ kind }) => kind));
  let best = given;
  let tries = 0;
  const attempt = async (scenario: Scenario): Promise<boolean> => {
    if (tries >= TRIES_MAX) {
      return false;
    }
    tries += 1;
    const result = await runHistory(simulation, scenario, { turn });
    if (!result.violations.some(({ kind }) => kinds.has(kind))) {
      return false;
    }
    best = result;
    return true;
  };
  let size = Number.POSITIVE_INFINITY;
  while (kinds.size > 0 && sizeOf(best) < size && tries < TRIES_MAX) {
    size = sizeOf(best);
    for (const limit of limitsOf(best)) {
      if (best.scenario.limits?.[limit] !== 1) {
        await attempt({ ...best.scenario, limits: { ...best.scenario.limits, [limit]: 1 } });
      }
    }
    await keepFewer(
      () => best.records,
      async (records) => {
        const limits = { ...best.scenario.limits, keptRecords: new Set(records) };
        // With fewer records there are fewer chances before that of a fault.
        for (let earlier = 0; earlier <= EARLIER_MAX; earlier += 1) {
          const keptFaults = new Set(best.faults.map((fault) => earlierFault(fault, earlier)));
          if (await attempt({ ...best.scenario, limits, keptFaults })) {
            return true;
          }
        }
        return false;
      },
    );
    await keepFewer<FaultId>(
      () => best.faults,
      async (faults) => {
        for (let earlier = 0; earlier <= EARLIER_MAX; earlier += 1) {
          const keptFaults = new Set(faults.map((fault) => earlierFault(fault, earlier)));
          if (await attempt({ ...best.scenario, keptFaults })) {
            return true;
          }
        }
        return false;
      },
    );
    // What is kept and never struck is not part of the history.
    await attempt({ ...best.scenario, keptFaults: new Set(best.faults) });
  }
  return { result: best, tries };
}

/** The limits that can make a history smaller. */
function limitsOf({ history }: HistoryResult): readonly ((typeof LIMITS)[number] | 'programsMax')[] {
  const programs = new Set(
    history.flatMap((event) => (event.type === 'program-started' ? [event.program] : [])),
  );
  return programs.size > 1 ? [...LIMITS, 'programsMax'] : LIMITS;
}

/** The fault at an earlier chance of its kind, the first one at the earliest. */
function earlierFault(fault: FaultId, earlier: number): FaultId {
  const end = fault.lastIndexOf(':');
  const chance = Math.max(0, Number(fault.slice(end + 1)) - earlier);
  return `${fault.slice(0, end)}:${chance}` as FaultId;
}

function sizeOf({ records, faults, scenario: { limits } }: HistoryResult): number {
  const larger = [...LIMITS, 'programsMax' as const].filter((limit) => limits?.[limit] !== 1);
  return records.length + faults.length + larger.length;
}

/** Leaves out halves, quarters and so on down to single elements, as long as that succeeds (Zeller's `ddmin`). */
async function keepFewer<Element>(
  current: () => readonly Element[],
  attempt: (kept: readonly Element[]) => Promise<boolean>,
): Promise<void> {
  for (let size = Math.ceil(current().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < current().length; ) {
      const all = current();
      const kept = [...all.slice(0, start), ...all.slice(start + size)];
      if (!(await attempt(kept))) {
        start += size;
      }
    }
  }
}
