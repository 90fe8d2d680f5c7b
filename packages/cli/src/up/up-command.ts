import { once } from 'node:events';
import { formatCounted } from '@oncefold/comparison/format-number';
import { createApplicationRecord, type InjectedFaults } from '@oncefold/local-runtime';
import type { Application } from '@oncefold/sam-template';
import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { EndedError, type Lifetime } from '../command-line/lifetime.ts';
import { type ChosenVariables, chooseVariables } from '../env-vars/choose-variables.ts';
import { startLivePage } from '../live-page/start-live-page.ts';
import { recomputedSums } from '../live-page/tables/recomputed-sums.ts';
import { faultsView } from '../pipeline/faults-view.ts';
import { startPipeline } from '../pipeline/start-pipeline.ts';
import { takesColour } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { startControlEndpoint } from './control-endpoint.ts';
import { createDestinationLog, type DestinationCount } from './destination-log.ts';
import { createFailedBatchFolder } from './failed-batch-folder.ts';
import { createFailureLog } from './failure-log.ts';
import { startInvokeEndpoint } from './invoke-endpoint.ts';
import { createLogFollower } from './log-follower.ts';
import { readSettings } from './read-settings.ts';
import { readyLine, readyText } from './ready-view.ts';
import { createServiceLog } from './service-log.ts';
import type { UpOptions } from './up-options.ts';

/**
 * `oncefold up`: keeps the pipeline, or any SAM application, running for producers outside, until somebody ends it.
 *
 * @returns the exit status: 0 when it was asked to end
 */
export async function upCommand(given: UpOptions, context: CommandContext): Promise<number> {
  const { terminal, lifetime } = context;
  if (given.untilStdinEnds === true) {
    endWithStandardInput(lifetime);
  }
  const write = (line: string): void => void process.stderr.write(`${line}\n`);
  const settings = await readSettings(given);
  const { options, envVars } = settings;
  settings.warnings.map(asWarning).forEach(write);
  const isPipeline = options.template === undefined;
  const page = await startLivePage({ command: 'oncefold up', options, isPipeline }, context);
  const logs = options.logs ?? (isPipeline ? 'failures' : 'all');
  let functionIds: readonly string[] = [];
  let variables: ChosenVariables | undefined;
  const failures = createFailureLog(write);
  const services = createServiceLog(write);
  const destinations = createDestinationLog(write);
  const record = createApplicationRecord();
  const keepFailedBatch =
    options.failedBatches === undefined ? undefined : createFailedBatchFolder(options.failedBatches);
  const follow = createLogFollower({
    functions: () => functionIds,
    colour: takesColour(process.stderr, process.env),
    write,
  });
  if (!options.json) {
    terminal.note('starting engines, tables and functions …');
  }
  const invoke = await startInvokeEndpoint();
  lifetime.onEnd(() => invoke.close());
  const pipeline = await startPipeline(options, {
    lifetime,
    lambdaEndpoint: invoke.endpoint,
    parameters: {},
    environment: {
      INDUCED_FAILURES: 'true',
      ...(options.seed !== undefined && { INDUCED_FAILURE_SEED: String(options.seed) }),
    },
    runFunctions: options.functions,
    functionVariables: (resource) => variables?.of(resource) ?? {},
    onRead(application) {
      functionIds = application.functions.map(({ logicalId }) => logicalId);
      for (const { logicalId, what } of application.unsupported) {
        write(`not emulated: ${printable(`${logicalId}: ${what}`)}`);
      }
      if (options.functions && functionIds.length === 0) {
        throw nothingToRun(options, application);
      }
      variables = envVars && chooseVariables(envVars, application.functions);
      variables?.warnings.map(asWarning).forEach(write);
    },
    beforeStart: async ({ application }) => page?.begin(application),
    watch: true,
    onCall: record.noteCall,
    onEvent: (event) => {
      record.note(event);
      page?.note(event);
      keepFailedBatch?.(event);
      destinations.note(event);
      services(event);
      if (event.type === 'log' && logs === 'all') {
        follow(event);
      } else {
        failures(event);
      }
      if (event.type === 'function-reloaded') {
        follow(event);
      }
    },
  });
  page?.watch(pipeline);
  if (isPipeline) {
    page?.compareWith(recomputedSums(pipeline));
  }
  invoke.serve(pipeline);
  const control = await startControlEndpoint({ pipeline, record, lifetime });
  lifetime.onEnd(() => control.close());
  const addresses = { lambda: invoke.endpoint, control: control.endpoint, page: page?.address };
  const ready = { pipeline, settings, ...addresses };
  terminal.answer(options.json ? readyLine(ready) : readyText(ready, terminal.palette));
  const reason = await Promise.race([untilEnded(lifetime.signal), pipeline.failed]);
  await pipeline.running.stop();
  const summary = { faults: pipeline.faults?.injected(), destinations: destinations.counts() };
  return sayEnd(summary, reason, { terminal, isJson: options.json });
}

/** @returns the status of an end that was asked for: ending it is how its work is done */
function sayEnd(
  summary: Summary,
  reason: Error,
  { terminal, isJson }: { readonly terminal: Terminal; readonly isJson: boolean },
): number {
  const isAsked = reason instanceof EndedError && reason.isAsked;
  if (isJson) {
    sayEndAsLine(summary, isAsked ? undefined : reason, terminal);
  } else if (isWorthSaying(summary)) {
    terminal.answer(endText(summary, terminal));
  }
  if (!isAsked) {
    throw reason;
  }
  process.stderr.write(`oncefold: ${reason.message}\n`);
  return exitStatus.exact;
}

function asWarning(sentence: string): string {
  return `warning: ${printable(sentence)}`;
}

function nothingToRun(
  { template = '' }: UpOptions,
  { unsupported }: Pick<Application, 'unsupported'>,
): CouldNotRunError {
  const above = unsupported.length === 0 ? '' : ', see what is not emulated above';
  return new CouldNotRunError(
    `nothing to run: ${template} has no function that would run here${above}; --no-functions creates its tables, streams and queues only`,
    { exitStatus: exitStatus.nothingToRun },
  );
}

function endWithStandardInput(lifetime: Lifetime): void {
  const { stdin } = process;
  // A file, or /dev/null, ends and is not closed; a pipe that breaks is closed and does not end.
  const end = (): void => lifetime.requestEnd('its standard input has ended (--until-stdin-ends)');
  stdin.once('end', end).once('close', end).resume();
  lifetime.onEnd(async () => void process.stdin.destroy());
}

/** What is said at the end, where there is something to say. */
interface Summary {
  readonly faults: InjectedFaults | undefined;
  readonly destinations: readonly DestinationCount[];
}

function isWorthSaying({ faults, destinations }: Summary): boolean {
  return faults !== undefined || destinations.length > 0;
}

/** @param reason - why it has ended, where nobody asked it to */
function sayEndAsLine(summary: Summary, reason: Error | undefined, terminal: Terminal): void {
  if (reason !== undefined || isWorthSaying(summary)) {
    const { faults, destinations } = summary;
    const because = reason && { reason: reason.message };
    terminal.answer(JSON.stringify({ ended: true, ...because, destinations, ...(faults && { faults }) }));
  }
}

function endText({ faults, destinations }: Summary, { palette }: Terminal): string {
  const counts = destinations.map(
    ({ arn, documents, isSent }) =>
      `${formatCounted(documents, 'document')} ${isSent ? 'went' : 'would have gone'} to ${printable(arn)}`,
  );
  return ['', ...(faults === undefined ? [] : [faultsView(faults, palette)]), ...counts].join('\n');
}

async function untilEnded(signal: AbortSignal): Promise<Error> {
  if (!signal.aborted) {
    await once(signal, 'abort');
  }
  const { reason } = signal;
  return reason instanceof Error ? reason : new Error(String(reason));
}
