import type { Coverage } from '../application.ts';
import type { StrategyName } from '../commit-stage/commit-strategies.ts';
import type { CommitBranch } from '../commit-stage/cover-strategy.ts';
import { faultKinds } from '../faults/fault-kinds.ts';
import type { RunSummary } from '../run/run-seeds.ts';

/** A commit stage sends no batch requests, which alone are throttled in part. */
const FAULTS = faultKinds.filter((kind) => kind !== 'throttled-in-part');

/** What the mapping asks for, and what it learns. */
const MAPPING = [
  'list-shards',
  'read',
  'trimmed',
  'invoke',
  'checkpoint',
  'wake-at',
  'shard-drained',
  'discarded',
  'deliver',
  'invocation-succeeded',
  'invocation-failed',
  'invocation-throttled',
];

const STAGE = [
  'invocation: succeeded',
  'invocation: failed',
  'invocation: timed-out',
  'invocation: crashed',
  'reply: committed',
  'reply: conflict',
  'reply: throttled',
  'reply: unavailable',
  'record: no keys',
  'record: own write',
  'record: preparatory writes',
  'record: sub-record',
  'report: applied',
  'report: alreadyApplied',
  'report: commits',
  'report: several commits',
  'report: requests',
  'report: conflicts',
  'report: throttles',
  'report: unknowns',
];

/**
 * What only some strategies can meet. Left out is what none of them meets unless something outside is broken: a position or a
 * marker that was deleted, a record that is older than its ledger.
 */
const OWN: Readonly<Record<StrategyName, readonly string[]>> = {
  none: branches('guard'),
  'request-token': [
    ...branches('guard', 'row exists', 'token mismatch'),
    'reply: committed (replayed)',
    'reply: condition-failed',
    'reply: in-progress',
    'reply: token-mismatch',
    'report: replays',
    'report: tokenMismatches',
    'report: appliedUnconfirmed',
  ],
  ledger: [
    ...branches('guard', 'guard failed: some applied'),
    'batch: equal ids',
    'reply: condition-failed',
    'report: appliedUnconfirmed',
    'store: items expired',
  ],
  checkpoint: [
    ...branches(
      'opening',
      'opened',
      'opening failed',
      'guard',
      'guard failed: some applied',
      'guard failed: none applied',
    ),
    'reply: condition-failed',
    'report: appliedUnconfirmed',
  ],
};

/** What the histories of a commit stage must meet, all of them together. */
export function commitCoverage(strategy: StrategyName): Coverage {
  const isFoundApplied = strategy !== 'none';
  const stage = STAGE.filter((name) => isFoundApplied || name !== 'report: alreadyApplied');
  return { faults: FAULTS, met: [...MAPPING, ...stage, ...OWN[strategy]] };
}

/**
 * Names what a run should have met and has not; a run of 1,000 histories or more that misses something has a blind spot, and
 * counts as failed.
 */
export function findMissed(
  { faults, met }: Pick<RunSummary, 'faults' | 'met'>,
  coverage: Coverage,
): readonly string[] {
  return [
    ...coverage.faults.filter((kind) => (faults[kind] ?? 0) === 0).map((kind) => `fault: ${kind}`),
    ...coverage.met.filter((name) => (met[name] ?? 0) === 0),
  ];
}

function branches(...names: readonly CommitBranch[]): readonly string[] {
  return names.map((name) => `commit: ${name}`);
}
