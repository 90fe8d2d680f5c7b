import type { Figure } from './figure.ts';
import { coldStarts } from './figures/cold-start.ts';
import { commitAgainstPowertools } from './figures/commit-against-powertools.ts';
import { commitOverheads } from './figures/commit-overhead.ts';
import { demo } from './figures/demo.ts';
import { functionsCpu } from './figures/functions-cpu.ts';
import { growthOfFold } from './figures/growth-fold.ts';
import { growthOfLedger } from './figures/growth-ledger.ts';
import { growthShards } from './figures/growth-shards.ts';
import { latencies } from './figures/latency.ts';
import { mapFolds } from './figures/map-fold.ts';
import { memories } from './figures/memory.ts';
import { modelPrediction } from './figures/model-prediction.ts';
import { pipelineWall } from './figures/pipeline-wall.ts';
import { ready } from './figures/ready.ts';
import { reduceFold } from './figures/reduce-fold.ts';
import { requestTokens } from './figures/request-token.ts';
import { runtimeCpu } from './figures/runtime-cpu.ts';
import { runtimeRate } from './figures/runtime-rate.ts';
import { stateUpserts } from './figures/state-upserts.ts';
import { writeUnits } from './figures/write-units.ts';

/** All that is measured, in the order of the page. */
export const figures: readonly Figure[] = [
  ...requestTokens,
  ...commitOverheads,
  writeUnits,
  commitAgainstPowertools,
  growthOfLedger,
  ...functionsCpu,
  stateUpserts,
  ...coldStarts,
  ...mapFolds,
  reduceFold,
  ...growthOfFold,
  ...memories,
  pipelineWall,
  runtimeCpu,
  demo,
  growthShards,
  runtimeRate,
  ready,
  ...latencies,
  modelPrediction,
];
