import { once } from 'node:events';
import type { UpOptions } from '../command-line.ts';
import { exitStatus } from '../exit-status.ts';
import { EndedError, type Lifetime } from '../lifetime.ts';
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../views/printable.ts';
import { createFailureLog } from './failure-log.ts';

/**
 * `oncefold up`: keeps the pipeline running for producers outside, until somebody ends it.
 *
 * @param options - What was typed.
 * @param context.terminal - Where it is said how to reach the pipeline.
 * @param context.lifetime - Ends the pipeline.
 * @returns The exit status: 0 when a signal ended it.
 * @throws `CouldNotRunError` when it could not start, or an engine failed.
 */
export async function upCommand(
  options: UpOptions,
  context: { readonly terminal: Terminal; readonly lifetime: Lifetime },
): Promise<number> {
  const { terminal, lifetime } = context;
  const log = createFailureLog((line) => void process.stderr.write(`${line}\n`));
  if (!options.json) terminal.note('starting engines, tables and functions …');
  const pipeline = await startPipeline(options, {
    lifetime,
    parameters: {},
    environment: {
      INDUCED_FAILURES: 'true',
      ...(options.seed !== undefined && { INDUCED_FAILURE_SEED: String(options.seed) }),
    },
    beforeStart: async ({ application }) => {
      for (const { logicalId, what } of application.unsupported) {
        process.stderr.write(`not emulated: ${printable(`${logicalId}: ${what}`)}\n`);
      }
    },
    onEvent: log,
  });
  terminal.answer(options.json ? readyLine(pipeline) : readyText(pipeline, terminal));
  return Promise.race([untilEnded(lifetime.signal), failureOf(pipeline.failed)]);
}

async function untilEnded(signal: AbortSignal): Promise<number> {
  if (!signal.aborted) await once(signal, 'abort');
  // Ending it is how its work is done; a crash is not.
  const { reason } = signal;
  if (reason instanceof EndedError && reason.cause === undefined) return exitStatus.exact;
  throw reason;
}

async function failureOf(failed: Promise<Error>): Promise<never> {
  throw await failed;
}

function readyLine({ engines }: Pipeline): string {
  return JSON.stringify({
    ready: true,
    dynamodb: engines.dynamodb,
    kinesis: engines.kinesis,
    region: engines.region,
    accessKeyId: engines.credentials.accessKeyId,
    secretAccessKey: engines.credentials.secretAccessKey,
  });
}

function readyText({ application, engines }: Pipeline, { palette }: Terminal): string {
  const names = (resources: readonly string[]): string => resources.join(', ') || 'none';
  return [
    palette.good('ready'),
    '',
    `  export AWS_ENDPOINT_URL_DYNAMODB=${engines.dynamodb}`,
    `  export AWS_ENDPOINT_URL_KINESIS=${engines.kinesis}`,
    `  export AWS_REGION=${engines.region}`,
    `  export AWS_ACCESS_KEY_ID=${engines.credentials.accessKeyId}`,
    `  export AWS_SECRET_ACCESS_KEY=${engines.credentials.secretAccessKey}`,
    '',
    `  streams    ${names(application.streams.map((stream) => stream.streamName))}`,
    `  tables     ${names(application.tables.map((table) => table.tableName))}`,
    `  functions  ${names(application.functions.map((resource) => resource.functionName))}`,
    '',
    palette.faint('  Ctrl-C ends it; `oncefold check` compares the sums.'),
  ].join('\n');
}
