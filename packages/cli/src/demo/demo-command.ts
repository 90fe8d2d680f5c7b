import { randomInt } from 'node:crypto';
import { formatCounted } from '@oncefold/comparison/format-number';
import type { RuntimeEvent } from '@oncefold/local-runtime';
import { createDemoLoad, type DemoLoad } from '@oncefold/workshop';
import type { CommandContext } from '../command-line/command.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import type { Lifetime } from '../command-line/lifetime.ts';
import { type LivePage, startLivePage } from '../live-page/start-live-page.ts';
import type { SumsSource } from '../live-page/tables/sums-source.ts';
import { chooseParameters } from '../pipeline/choose-parameters.ts';
import { startLiveProgress } from '../pipeline/live-progress.ts';
import { type PipelineContract, readContract, stagesOf } from '../pipeline/pipeline-contract.ts';
import { sendMessages } from '../pipeline/send-messages.ts';
import { setFailurePercentages, workshopFaults } from '../pipeline/set-failure-percentages.ts';
import { advanceStage, createStageProgress, type StageProgress } from '../pipeline/stage-progress.ts';
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts';
import { strategyFacts } from '../pipeline/strategies-of.ts';
import { type WorkInFlight, watchWorkInFlight } from '../pipeline/work-in-flight.ts';
import { createPalette } from '../terminal/palette.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { collectResult } from './collect-result.ts';
import type { DemoOptions } from './demo-options.ts';
import { demoToJson, demoView, verdictView } from './demo-view.ts';
import { lookAtTables, type Run, waitUntilIdle } from './wait-until-idle.ts';

/** Longest wait after the last put, in milliseconds: a floor, and a share for each message. */
const deadlineMs = { base: 60_000, perMessage: 20 } as const;

/**
 * `oncefold demo`: sends trades through the whole pipeline, with failures on the way, and compares every sum.
 *
 * @returns the exit status: 0 when every sum is exact and every message accounted for, 1 when not
 */
export async function demoCommand(options: DemoOptions, context: CommandContext): Promise<number> {
  const { terminal, lifetime } = context;
  const startedAt = performance.now();
  const seed = options.seed ?? randomInt(2 ** 31);
  terminal.note(
    `${formatCounted(options.messages, 'message')}, seed ${seed}, faults ${options.faults}; starting …`,
  );
  const page = await startLivePage({ command: 'oncefold demo', options, isPipeline: true }, context);
  const stages = new StageBoard();
  const work = watchWorkInFlight();
  const pipeline = await startPipeline(options, {
    lifetime,
    parameters: chooseParameters(options),
    environment: { INDUCED_FAILURES: String(options.faults !== 'none'), INDUCED_FAILURE_SEED: String(seed) },
    beforeStart: async ({ application, clients }) => {
      stages.begin(stagesOf(application));
      page?.begin(application);
      if (options.faults === 'none') {
        return;
      }
      const { tables } = readContract(application);
      await setFailurePercentages({
        client: clients.dynamodb,
        table: tables.parameter,
        percentages: workshopFaults,
        signal: lifetime.signal,
      });
    },
    onEvent: (event) => {
      page?.note(event);
      stages.advance(event);
      work.note(event);
    },
  });
  const contract = readContract(pipeline.application);
  const { dimensions } = contract.hierarchy;
  const load = createDemoLoad({ messages: options.messages, seed, dimensions });
  page?.tell({ facts: factsOf(options, seed, pipeline) });
  const startMs = performance.now() - startedAt;
  const run = await runThrough({ pipeline, contract, load, stages, work, page, terminal, lifetime });
  const result = await collectResult({
    options,
    seed,
    startMs,
    run,
    pipeline,
    stages: stages.now,
    truth: load.truth,
  });
  const text = verdictView(result, createPalette(false));
  await page?.conclude({ text, isGood: result.verdict === 'exact', isAtRest: run.isFinished });
  terminal.answer(
    options.json ? JSON.stringify(demoToJson(result)) : `\n${demoView(result, terminal.palette)}`,
  );
  return result.verdict === 'exact' ? exitStatus.exact : exitStatus.different;
}

/** How it runs, for the page. */
function factsOf({ faults }: DemoOptions, seed: number, pipeline: Pipeline): readonly string[] {
  return [`seed ${seed}`, `faults ${faults}`, ...strategyFacts(pipeline)];
}

/** Sends everything and waits for the end of it. */
async function runThrough(options: {
  readonly pipeline: Pipeline;
  readonly contract: PipelineContract;
  readonly load: DemoLoad;
  readonly stages: StageBoard;
  readonly work: WorkInFlight;
  readonly page: LivePage | undefined;
  readonly terminal: Terminal;
  readonly lifetime: Lifetime;
}): Promise<Run> {
  const { pipeline, contract, stages, work, page, terminal, lifetime } = options;
  const { workload, truth } = options.load;
  const failure = new AbortController();
  void pipeline.failed.then((error) => failure.abort(error));
  const signal = AbortSignal.any([lifetime.signal, failure.signal]);
  const firstPutAt = Date.now();
  let sent = 0;
  page?.watch(pipeline);
  page?.compareWith(sumsOf(options, () => sent));
  page?.tell({ messages: truth.sent, sent });
  const live = startLiveProgress(terminal, () => ({
    elapsedMs: Date.now() - firstPutAt,
    messages: truth.sent,
    sent,
    stages: stages.now,
  }));
  try {
    await sendMessages({
      client: pipeline.clients.kinesis,
      stream: contract.stream,
      calls: workload.calls.map((call) => call.messages),
      onSent: (count) => {
        sent = count;
        page?.tell({ sent });
      },
      signal,
    });
    const lastPutAt = Date.now();
    const finalState = await waitUntilIdle({
      client: pipeline.clients.dynamodb,
      contract,
      truth,
      work: withOpenBatches(work, pipeline),
      isIdle: () => pipeline.isIdle(lastPutAt),
      deadlineMs: deadlineMs.base + deadlineMs.perMessage * truth.sent,
      signal,
    });
    return { ...finalState, firstPutAt, lastPutAt };
  } catch (error) {
    // What was interrupted says so in its own way; the signal knows why.
    signal.throwIfAborted();
    throw error;
  } finally {
    live.stop();
  }
}

/** What the page compares with: the sums that the sender made for itself. */
function sumsOf(
  {
    pipeline,
    contract,
    load: { truth },
  }: Pick<Parameters<typeof runThrough>[0], 'pipeline' | 'contract' | 'load'>,
  sent: () => number,
): SumsSource {
  const client = pipeline.clients.dynamodb;
  return {
    describe: (time) => `Compared at ${time} with what is sent`,
    isCostly: false,
    isComplete: () => sent() === truth.sent,
    compare: async (signal) => (await lookAtTables({ client, contract, truth, signal })).judgement.sums,
  };
}

/**
 * The mappings themselves say what is open: records that were read and wait for their window, batches in flight or to be retried. With
 * injected faults a batch that succeeded may still be redelivered, and one that failed may have been a redelivery that nobody waits for.
 */
function withOpenBatches(work: WorkInFlight, { running }: Pipeline): WorkInFlight {
  return {
    note: (event) => work.note(event),
    isAny: () => running.hasOpenBatches(),
    get lastEndedAt() {
      return work.lastEndedAt;
    },
  };
}

/** What all stages have done so far. */
class StageBoard {
  now: readonly StageProgress[] = [];

  begin(functionIds: readonly string[]): void {
    this.now = functionIds.map(createStageProgress);
  }

  advance(event: RuntimeEvent): void {
    this.now = this.now.map((stage) => advanceStage(stage, event));
  }
}
