import { type Coverage, faultKinds } from '@oncefold/simulator';
import type { PipelineStage } from './pipeline-stage.ts';

/**
 * What cannot happen to a stage that is fed through its table: only the state function sends batches, which are throttled in part,
 * and the shards of a table's stream are never merged.
 */
const FAULTS_OF_TABLES = faultKinds.filter(
  (kind) => kind !== 'throttled-in-part' && kind !== 'shards-merged',
);

const MAPPING = [
  'list-shards',
  'read',
  'invoke',
  'checkpoint',
  'wake-at',
  'invocation-succeeded',
  'invocation-failed',
  'invocation-throttled',
  'invocation: crashed',
  'invocation: failed',
  'invocation: timed-out',
];

const STATE = [
  'shard-drained',
  'outcome: applied',
  'outcome: duplicate',
  'outcome: stale',
  'outcome: conflict',
  'outcome: quarantined',
  'reply: ConditionalCheckFailedException',
  'reply: ThrottlingException',
  'reply: TransactionConflictException',
  'reply: InternalServerError',
  'reply: SyntaxError',
  'reply: TimeoutError',
];

const COMMIT = [
  'reply: committed',
  'reply: condition-failed',
  'reply: conflict',
  'reply: throttled',
  'reply: unavailable',
];

const MAP = ['map: nothing', 'map: one commit'];
const REDUCE = ['reduce: nothing', 'reduce: one commit'];

/** What recounts do, and what is done to them. */
const RECOUNT = [
  'program: succeeded',
  'program: failed',
  'program: crashed',
  'recount: begun anew',
  'recount: trades came in between',
  'recount: compare, all',
  'recount: compare, a path',
  'recount: repair, all',
  'recount: repair, a path',
  'recount: other dimensions',
  'recount: lost rows',
  'recount: settling',
  'recount: repairing',
  'recount: waiting for marks',
  'recount: waiting for rows',
];

/** What becomes of batches that are given up. */
const REDRIVE = [
  'discarded',
  'deliver',
  'program: succeeded',
  'program: failed',
  'program: crashed',
  'redrive: map, not applied',
  'redrive: map, applied in part',
  'redrive: map, all applied',
  'redrive: reduce, not applied',
  'redrive: reduce, all applied',
  'redrive: failed',
  'redrive: refused, a recount runs',
  'redrive: refused, undecided',
  'redrive: after another rebuild',
  'redrive: beside a rebuild',
  'redrive: without a rebuild',
  'recount: compare, all',
  'recount: repair, all',
  'recount: repair, a path',
  'recount: settling',
];

/** What all stages together meet. */
const PIPELINE = [...MAPPING, ...STATE, ...COMMIT, ...MAP, ...REDUCE];

/** What the histories of each stage must meet, all of them together. */
export const stageCoverage: Readonly<Record<PipelineStage, Coverage>> = {
  state: { faults: faultKinds, met: [...MAPPING, ...STATE] },
  map: { faults: FAULTS_OF_TABLES, met: [...MAPPING, ...COMMIT, ...MAP, 'map: several commits'] },
  reduce: { faults: FAULTS_OF_TABLES, met: [...MAPPING, ...COMMIT, ...REDUCE, 'reduce: several commits'] },
  // Batches that need several transactions are for the stages alone: here they are rare. So are recounts.
  pipeline: {
    faults: faultKinds,
    met: [...PIPELINE, 'recount: compare, all', 'recount: repair, all'],
  },
  redrive: {
    faults: faultKinds,
    met: [...PIPELINE, 'map: several commits', 'reduce: several commits', ...REDRIVE],
  },
  rebuild: { faults: faultKinds, met: [...PIPELINE, ...RECOUNT] },
};
