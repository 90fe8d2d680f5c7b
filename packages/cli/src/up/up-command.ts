import { once } from 'node:events';
import { formatCounted } from '@oncefold/comparison/format-number';
import { createApplicationRecord, type InjectedFaults } from '@oncefold/local-runtime';
import type { CommandContext } from '../command-line/command.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { EndedError } from '../command-line/lifetime.ts';
import { type LivePage, startLivePage } from '../live-page/start-live-page.ts';
import { recomputedSums } from '../live-page/tables/recomputed-sums.ts';
import { faultsView } from '../pipeline/faults-view.ts';
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts';
import { takesColour } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { startControlEndpoint } from './control-endpoint.ts';
import { createDestinationLog, type DestinationCount } from './destination-log.ts';
import { createFailedBatchFolder } from './failed-batch-folder.ts';
import { createFailureLog } from './failure-log.ts';
import { startInvokeEndpoint } from './invoke-endpoint.ts';
import { createLogFollower } from './log-follower.ts';
import type { UpOptions } from './up-options.ts';

/**
 * `oncefold up`: keeps the pipeline, or any SAM application, running for producers outside, until somebody ends it.
 *
 * @returns the exit status: 0 when a signal ended it
 */
export async function upCommand(options: UpOptions, context: CommandContext): Promise<number> {
  const { terminal, lifetime } = context;
  if (options.untilStdinEnds === true) {
    process.stdin.once('close', requestEnd).resume();
    lifetime.onEnd(async () => void process.stdin.destroy());
  }
  const write = (line: string): void => void process.stderr.write(`${line}\n`);
  const isPipeline = options.template === undefined;
  const page = await startLivePage({ command: 'oncefold up', options, isPipeline }, context);
  const logs = options.logs ?? (isPipeline ? 'failures' : 'all');
  let functionIds: readonly string[] = [];
  const failures = createFailureLog(write);
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
    beforeStart: async ({ application }) => {
      functionIds = application.functions.map(({ logicalId }) => logicalId);
      page?.begin(application);
      for (const { logicalId, what } of application.unsupported) {
        write(`not emulated: ${printable(`${logicalId}: ${what}`)}`);
      }
    },
    watch: true,
    onCall: record.noteCall,
    onEvent: (event) => {
      record.note(event);
      page?.note(event);
      keepFailedBatch?.(event);
      destinations.note(event);
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
  const control = await startControlEndpoint({ pipeline, record, requestEnd });
  lifetime.onEnd(() => control.close());
  const { endpoint: lambda } = invoke;
  terminal.answer(
    options.json
      ? readyLine(pipeline, { lambda, control: control.endpoint, page })
      : readyText(pipeline, terminal, { ...options, lambda }),
  );
  const status = await Promise.race([untilEnded(lifetime.signal), failureOf(pipeline.failed)]);
  await pipeline.running.stop();
  const summary = { faults: pipeline.faults?.injected(), destinations: destinations.counts() };
  if (summary.faults !== undefined || summary.destinations.length > 0) {
    terminal.answer(options.json ? endLine(summary) : endText(summary, terminal));
  }
  return status;
}

/** Begins the end that a signal asks for. */
function requestEnd(): void {
  process.kill(process.pid, 'SIGTERM');
}

/** What is said at the end, where there is something to say. */
interface Summary {
  readonly faults: InjectedFaults | undefined;
  readonly destinations: readonly DestinationCount[];
}

function endLine({ faults, destinations }: Summary): string {
  return JSON.stringify({ ended: true, destinations, ...(faults && { faults }) });
}

function endText({ faults, destinations }: Summary, { palette }: Terminal): string {
  const counts = destinations.map(
    ({ arn, documents }) => `${formatCounted(documents, 'document')} would have gone to ${printable(arn)}`,
  );
  return ['', ...(faults === undefined ? [] : [faultsView(faults, palette)]), ...counts].join('\n');
}

async function untilEnded(signal: AbortSignal): Promise<number> {
  if (!signal.aborted) {
    await once(signal, 'abort');
  }
  // Ending it is how its work is done; a crash is not.
  const { reason } = signal;
  if (reason instanceof EndedError && reason.isAsked) {
    return exitStatus.exact;
  }
  throw reason;
}

async function failureOf(failed: Promise<Error>): Promise<never> {
  throw await failed;
}

function readyLine(
  { engines }: Pipeline,
  {
    lambda,
    control,
    page,
  }: { readonly lambda: string; readonly control: string; readonly page: LivePage | undefined },
): string {
  return JSON.stringify({
    ready: true,
    dynamodb: engines.dynamodb,
    kinesis: engines.kinesis,
    lambda,
    control,
    region: engines.region,
    accessKeyId: engines.credentials.accessKeyId,
    secretAccessKey: engines.credentials.secretAccessKey,
    ...(page !== undefined && { page: page.address }),
  });
}

function readyText(
  { application, engines }: Pipeline,
  { palette }: Terminal,
  options: Pick<UpOptions, 'template'> & { readonly lambda: string },
): string {
  const names = (resources: readonly string[]): string => resources.join(', ') || 'none';
  return [
    palette.good('ready'),
    '',
    `  export AWS_ENDPOINT_URL_DYNAMODB=${engines.dynamodb}`,
    `  export AWS_ENDPOINT_URL_DYNAMODB_STREAMS=${engines.dynamodb}`,
    `  export AWS_ENDPOINT_URL_KINESIS=${engines.kinesis}`,
    `  export AWS_ENDPOINT_URL_LAMBDA=${options.lambda}`,
    `  export AWS_REGION=${engines.region}`,
    `  export AWS_ACCESS_KEY_ID=${engines.credentials.accessKeyId}`,
    `  export AWS_SECRET_ACCESS_KEY=${engines.credentials.secretAccessKey}`,
    '',
    `  streams    ${names(application.streams.map((stream) => stream.streamName))}`,
    `  tables     ${names(application.tables.map((table) => table.tableName))}`,
    `  functions  ${names(application.functions.map((resource) => resource.functionName))}`,
    '',
    palette.faint(
      options.template === undefined
        ? `  Ctrl-C ends it; \`npm run oncefold -- check --dynamodb-endpoint ${engines.dynamodb}\` compares the sums.`
        : '  Ctrl-C ends it; functions are started anew when their code changes.',
    ),
  ].join('\n');
}
