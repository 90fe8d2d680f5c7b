import { askCpuSeconds } from '@oncefold/local-runtime';
import type { Truth } from '@oncefold/workshop';
import type { StageProgress } from '../pipeline/stage-progress.ts';
import type { Pipeline } from '../pipeline/start-pipeline.ts';
import { strategiesOf } from '../pipeline/strategies-of.ts';
import type { DemoOptions } from './demo-options.ts';
import type { DemoResult, StageResult } from './demo-result.ts';
import { verdictOf } from './judge.ts';
import type { Run } from './wait-until-idle.ts';

/** Puts together what a demonstration found. */
export async function collectResult(options: {
  readonly options: DemoOptions;
  readonly seed: number;
  readonly startMs: number;
  readonly run: Run;
  readonly pipeline: Pipeline;
  readonly stages: readonly StageProgress[];
  readonly truth: Truth;
}): Promise<DemoResult> {
  const { run, pipeline, truth } = options;
  const { judgement, accounting } = run;
  const stages = await Promise.all(options.stages.map((stage) => withCpu(stage, pipeline)));
  const functionsSeconds = stages.reduce((sum, stage) => sum + stage.cpuSeconds, 0);
  return {
    verdict: verdictOf(judgement, run.isFinished),
    settings: {
      messages: truth.sent,
      seed: options.seed,
      faults: options.options.faults,
      strategies: strategiesOf(pipeline),
      engines: pipeline.engines.started.map(({ name, version }) => `${name} ${version}`),
    },
    ...(pipeline.faults && { injectedFaults: pipeline.faults.injected() }),
    sums: judgement.sums,
    accounting: {
      sent: truth.sent,
      ...accounting,
      closes: judgement.closes,
      impossible: judgement.impossibleOutcomes,
    },
    stages,
    time: {
      startMs: Math.round(options.startMs),
      sendMs: run.lastPutAt - run.firstPutAt,
      exactAfterMs: run.exactAt === undefined ? undefined : Math.max(0, run.exactAt - run.lastPutAt),
      firstPutAt: run.firstPutAt,
    },
    cpu: {
      functionsSeconds,
      functionsMsPerMessage: (functionsSeconds * 1000) / truth.sent,
      commandSeconds: ownCpuSeconds(),
      enginesSeconds: await enginesCpuSeconds(pipeline),
    },
  };
}

async function withCpu(stage: StageProgress, pipeline: Pipeline): Promise<StageResult> {
  const running = pipeline.running.functions.get(stage.functionId);
  const { failedShards: _, ...rest } = stage;
  return { ...rest, cpuSeconds: (await running?.cpuSeconds()) ?? 0 };
}

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

async function enginesCpuSeconds({ engines }: Pipeline): Promise<number> {
  const seconds = await Promise.all(engines.started.map((engine) => askCpuSeconds(engine.pid)));
  return seconds.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
