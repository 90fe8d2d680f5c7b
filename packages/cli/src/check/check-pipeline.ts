import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RecountPipeline } from '@oncefold/operations/recount';
import type { TableAccess } from '@oncefold/operations/tables';
import { noNodeError } from '../recount/survey-trades.ts';
import type { ComparedSum } from '../sums/compare-sums.ts';
import { describeExistingTable } from '../tables/describe-table.ts';
import {
  findQuarantined,
  findUnapplied,
  type QuarantineEvidence,
  type UnappliedEvidence,
} from './evidence.ts';
import { type GivenUpEvidence, mayLack } from './given-up.ts';
import { type Look, type LookOptions, lookAtTables } from './look.ts';

/** Between two looks, in milliseconds: longer than what is under way takes through map and reduce. */
const PAUSE_MS_MAX = 5_000;
/** More looks than this say nothing new. */
const LOOKS_MAX = 1_000;

/** What can be said about a sum after several looks. */
export type SumState =
  | 'exact'
  /** It, or what it should be, changed from one look to the next. */
  | 'in motion'
  /** It differed by the same in both, and neither side changed. */
  | 'different';

/** A sum as it was in the last look. */
export type CheckedSum = ComparedSum & { readonly state: SumState };

/** What a check found. */
export interface CheckResult {
  /**
   * `exact`: every sum is what the trades add up to. `different`: it is not, and nothing moved between two looks. `undecided`: it is not,
   * and the pipeline is at work; or it is, and batches that were given up wait.
   */
  readonly verdict: 'exact' | 'different' | 'undecided';
  readonly looks: number;
  /** The last look. */
  readonly look: Look;
  /** Every sum that was compared, `message_count` included. */
  readonly sums: readonly CheckedSum[];
  readonly givenUp: GivenUpEvidence;
  /** Why sums may differ; absent where they are exact. */
  readonly evidence?: {
    readonly unapplied: UnappliedEvidence;
    readonly quarantined: QuarantineEvidence | undefined;
  };
}

export interface CheckPipelineOptions extends LookOptions {
  readonly quarantineTable: string;
  /** How the reduce stage names its markers, or why that is not known. */
  readonly pipeline: RecountPipeline | { readonly reason: string };
  readonly findGivenUp: () => Promise<GivenUpEvidence>;
  /** How long to wait for a working pipeline to come to rest, in milliseconds; there are two looks in any case. */
  readonly waitMs: number;
  /** Whether nothing at the path, on either side, is an answer and no mistake. */
  readonly mayLackNode?: boolean;
}

/**
 * Checks every sum without writing anything.
 *
 * A scan is no snapshot, and what is under way is in the trades already but not in the sums. So sums that differ are looked at again
 * until they are exact, until nothing moves any more, or until the time is over.
 */
export async function checkPipeline(
  access: TableAccess & { readonly client: DynamoDBClient },
  options: CheckPipelineOptions,
): Promise<CheckResult> {
  const { clock, client, signal } = access;
  await describeExistingTable(client, options.tables.state, signal);
  await describeExistingTable(client, options.tables.aggregate, signal);
  const endMs = clock.now() + options.waitMs;
  let look = await lookAtTables(access, options, new Map());
  if (options.path !== undefined && options.mayLackNode !== true && look.nodes.length === 0) {
    throw noNodeError(options.path);
  }
  for (let looks = 1; ; looks += 1) {
    if (sumsOf(look).every(({ difference }) => difference === 0n)) {
      const givenUp = await options.findGivenUp();
      const sums = sumsOf(look).map((sum) => ({ ...sum, state: 'exact' as const }));
      return { verdict: mayLack(givenUp) ? 'undecided' : 'exact', looks, look, sums, givenUp };
    }
    await clock.sleep(Math.min(PAUSE_MS_MAX, options.waitMs), signal);
    const before = look;
    const differences = new Map(sumsOf(before).map(({ key, difference }) => [key, difference]));
    look = await lookAtTables(access, options, differences);
    const sums = sumsAfter(before, look);
    if (sums.every(({ state }) => state === 'exact')) {
      continue;
    }
    const isAtRest = isSame(before, look);
    const isOver = clock.now() >= endMs || looks + 1 >= LOOKS_MAX;
    if (!isAtRest && !isOver) {
      continue;
    }
    const unapplied = await findUnapplied(access, options.pipeline);
    const isWorking = unapplied.code === 'too-many' || (unapplied.code === 'found' && unapplied.inFlight > 0);
    if (isOver || !isWorking) {
      const quarantined = await findQuarantined(access, options.quarantineTable);
      const verdict = isAtRest && !isWorking ? 'different' : 'undecided';
      const givenUp = await options.findGivenUp();
      return { verdict, looks: looks + 1, look, sums, givenUp, evidence: { unapplied, quarantined } };
    }
  }
}

function sumsOf({ nodes, messageCount }: Look): readonly ComparedSum[] {
  return messageCount.code === 'compared' ? [...nodes, messageCount] : nodes;
}

function sumsAfter(before: Look, after: Look): readonly CheckedSum[] {
  const former = new Map(sumsOf(before).map((sum) => [sum.key, sum]));
  return sumsOf(after).map((sum) => ({ ...sum, state: stateOf(former.get(sum.key), sum) }));
}

function stateOf(before: ComparedSum | undefined, after: ComparedSum): SumState {
  if (after.difference === 0n) {
    return 'exact';
  }
  return before?.expected === after.expected && before.actual === after.actual ? 'different' : 'in motion';
}

/** Whether nothing changed from one look to the next, in trades, sums and accounts. */
function isSame(before: Look, after: Look): boolean {
  const [former, latter] = [sumsOf(before), sumsOf(after)];
  return (
    before.recomputed.tradeCount === after.recomputed.tradeCount &&
    before.messageCount.actual === after.messageCount.actual &&
    former.length === latter.length &&
    former.every(
      ({ key, expected, actual }, index) =>
        latter[index]?.key === key && latter[index].expected === expected && latter[index].actual === actual,
    )
  );
}
