import { join } from 'node:path';
import {
  type ComparisonEngine,
  type ComparisonEnvironment,
  type ComparisonParameters,
  type ComparisonReport,
  createComparisonEngine,
  createStageResourcesReader,
  describeVersions,
  runComparison,
  type StageCode,
  writeReport,
} from '@oncefold/comparison';
import { faultCodes, stageCodes, strategyCodes, transactionsCodes } from '@oncefold/comparison/descriptions';
import { type Engine, EngineError, startDynamoDb } from '@oncefold/engines';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import type { Lifetime } from '../command-line/lifetime.ts';
import { buildFunctions, repository } from '../pipeline/build-functions.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { CompareOptions } from './compare-options.ts';
import { progressLine } from './progress-line.ts';
import { renderTerminal } from './report-view/render-terminal.ts';

const messagesByDefault = { full: 400, quick: 120 } as const;
/** Folder of a whole comparison's report by default, in the working directory. */
const REPORT_FOLDER = 'oncefold-report';
/** Characters per line where the output has no width. */
const columnsByDefault = 100;

/**
 * `oncefold compare`: runs every strategy against every fault, and reports the outcomes and the costs.
 *
 * @returns the exit status: 0 when every promise was kept, 1 when one was broken, 2 when a cell has no result
 */
export async function compareCommand(
  options: CompareOptions,
  context: { readonly terminal: Terminal; readonly lifetime: Lifetime },
): Promise<number> {
  const { terminal, lifetime } = context;
  const parameters = parametersOf(options);
  const { seed, messages, stages, transactions, strategies, faults } = parameters;
  const count = stages.length * transactions.length * strategies.length * faults.length;
  terminal.note(`${count} cells, ${messages} messages, seed ${seed}; starting …`);
  const overhead = options.faults === undefined;
  const environment = await prepare(overhead, lifetime);
  const failure = new AbortController();
  void environment.failed.then((error) => failure.abort(error));
  const report = await runComparison(parameters, {
    environment,
    overhead,
    onProgress: (progress) => terminal.note(progressLine(progress, terminal.notePalette)),
    signal: AbortSignal.any([lifetime.signal, failure.signal]),
  });
  const folder = options.output ?? (isWhole(options) ? REPORT_FOLDER : undefined);
  if (folder !== undefined) {
    const written = await writeReport(report, folder);
    terminal.note(`\nwrote ${written.json} and ${written.html}`);
  }
  terminal.answer(options.json ? JSON.stringify(report) : `\n${show(report, terminal)}`);
  return { kept: exitStatus.exact, broken: exitStatus.different, incomplete: exitStatus.couldNotRun }[
    report.verdict
  ];
}

/** A part of the comparison, such as one replayed cell, must not replace the report of the whole. */
function isWhole(options: CompareOptions): boolean {
  return [options.faults, options.strategies, options.stage, options.transactions].every(
    (chosen) => chosen === undefined,
  );
}

function parametersOf(options: CompareOptions): ComparisonParameters {
  return {
    seed: options.seed,
    messages: options.messages ?? (options.quick ? messagesByDefault.quick : messagesByDefault.full),
    quick: options.quick,
    stages: options.stage === undefined ? stageCodes : [options.stage],
    transactions: options.transactions === undefined ? transactionsCodes : [options.transactions],
    strategies: options.strategies ?? strategyCodes,
    faults: options.faults ?? faultCodes,
  };
}

function show(report: ComparisonReport, { palette }: Terminal): string {
  return renderTerminal(report, {
    columns: process.stdout.columns ?? columnsByDefault,
    // Without colour, the palette leaves text unchanged.
    colour: palette.good('x') !== 'x',
  });
}

/** Builds the functions and starts the engines. */
async function prepare(
  overhead: boolean,
  lifetime: Lifetime,
): Promise<ComparisonEnvironment & { readonly failed: Promise<Error> }> {
  // Waits for all even if one fails: what is half started must not outlive the command.
  const [built, engine, unitEngine] = await Promise.allSettled([
    buildFunctions({ lifetime }),
    startEngine('auto', lifetime),
    overhead ? startUnitEngine(lifetime) : Promise.resolve(undefined),
  ]);
  if (built.status === 'rejected') {
    throw built.reason;
  }
  if (engine.status === 'rejected') {
    throw engine.reason;
  }
  if (unitEngine.status === 'rejected') {
    throw unitEngine.reason;
  }
  lifetime.signal.throwIfAborted();
  const { signal } = lifetime;
  const started = [engine.value, unitEngine.value].filter((each) => each !== undefined);
  const toComparisonEngine = (running: Engine): ComparisonEngine =>
    createComparisonEngine(running, () => startDynamoDb({ engine: 'dynoxide', signal }));
  const taskRoot = (stage: StageCode): string => join(repository, 'services', stage, 'dist');
  return {
    engine: toComparisonEngine(engine.value),
    ...(unitEngine.value === undefined ? {} : { unitEngine: toComparisonEngine(unitEngine.value) }),
    resources: createStageResourcesReader(join(repository, 'template.yaml')),
    taskRoots: { map: taskRoot('map'), reduce: taskRoot('reduce') },
    versions: describeVersions(repository),
    failed: Promise.race(
      started.map((each) =>
        each.exited.then(
          () => new CouldNotRunError(`${each.name} (process ${each.pid}) has ended unexpectedly`),
        ),
      ),
    ),
  };
}

async function startEngine(engine: 'auto' | 'dynoxide', lifetime: Lifetime): Promise<Engine> {
  try {
    const started = await startDynamoDb({ engine, signal: lifetime.signal });
    lifetime.onEnd(() => started.stop());
    return started;
  } catch (cause) {
    if (!(cause instanceof EngineError)) {
      throw cause;
    }
    throw new CouldNotRunError(`DynamoDB could not be started: ${cause.message}`, { cause });
  }
}

/** The engine that reports capacity as AWS does is not available on every platform; without it units are computed. */
async function startUnitEngine(lifetime: Lifetime): Promise<Engine | undefined> {
  try {
    return await startEngine('dynoxide', lifetime);
  } catch (error) {
    if (error instanceof CouldNotRunError) {
      return undefined;
    }
    throw error;
  }
}
