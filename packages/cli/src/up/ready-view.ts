import { relative } from 'node:path';
import type { Pipeline } from '../pipeline/start-pipeline.ts';
import type { Palette } from '../terminal/palette.ts';
import type { Settings } from './read-settings.ts';

/** What `up` can say when it is ready. */
export interface Ready {
  readonly pipeline: Pick<Pipeline, 'application' | 'engines' | 'code'>;
  readonly settings: Pick<Settings, 'options' | 'config'>;
  /** Address of Lambda's Invoke. */
  readonly lambda: string;
  /** Address under which a test's library controls the application. */
  readonly control: string;
  /** Address of the live page. */
  readonly page: string | undefined;
}

/** Says in one JSON object how to reach what runs, and what that is. */
export function readyLine(ready: Ready): string {
  const { pipeline, settings, lambda, control, page } = ready;
  const { engines, application } = pipeline;
  const { config, options } = settings;
  return JSON.stringify({
    ready: true,
    dynamodb: engines.dynamodb,
    dynamodbStreams: engines.dynamodbStreams,
    kinesis: engines.kinesis,
    ...(engines.sqs !== undefined && { sqs: engines.sqs }),
    lambda,
    control,
    region: engines.region,
    accessKeyId: engines.credentials.accessKeyId,
    secretAccessKey: engines.credentials.secretAccessKey,
    ...(page !== undefined && { page }),
    ...(options.template !== undefined && { template: options.template }),
    ...(config?.isFound === true && { config: { file: config.file, environment: config.environment } }),
    functions: functionsOf(ready),
    mappings: mappingsOf(ready),
    streams: application.streams.map(({ streamName }) => streamName),
    tables: application.tables.map(({ tableName }) => tableName),
    queues: application.queues.map(({ queueName }) => queueName),
  });
}

/** Says the same to a person. */
export function readyText(ready: Ready, palette: Palette): string {
  const { pipeline, settings, lambda } = ready;
  const { application, engines } = pipeline;
  const { config, options } = settings;
  return [
    palette.good('ready'),
    '',
    `  export AWS_ENDPOINT_URL_DYNAMODB=${engines.dynamodb}`,
    `  export AWS_ENDPOINT_URL_DYNAMODB_STREAMS=${engines.dynamodbStreams}`,
    `  export AWS_ENDPOINT_URL_KINESIS=${engines.kinesis}`,
    ...(engines.sqs === undefined ? [] : [`  export AWS_ENDPOINT_URL_SQS=${engines.sqs}`]),
    `  export AWS_ENDPOINT_URL_LAMBDA=${lambda}`,
    `  export AWS_REGION=${engines.region}`,
    `  export AWS_DEFAULT_REGION=${engines.region}`,
    `  export AWS_ACCESS_KEY_ID=${engines.credentials.accessKeyId}`,
    `  export AWS_SECRET_ACCESS_KEY=${engines.credentials.secretAccessKey}`,
    '',
    ...(engines.started.length === 0
      ? []
      : list('engines', [engines.started.map(({ name, version }) => `${name} ${version}`).join(', ')])),
    ...(options.template === undefined ? [] : list('template', [shownPath(options.template)])),
    ...(config?.isFound === true
      ? list('settings', [`${shownPath(config.file)}, environment ${config.environment}`])
      : []),
    ...list('streams', [application.streams.map(({ streamName }) => streamName).join(', ')]),
    ...list('tables', [application.tables.map(({ tableName }) => tableName).join(', ')]),
    ...(application.queues.length === 0
      ? []
      : list('queues', [application.queues.map(({ queueName }) => queueName).join(', ')])),
    ...list('functions', functionsOf(ready).map(functionText)),
    ...list(
      'mappings',
      mappingsOf(ready).map(({ source, function: name }) => `${source} → ${name}`),
    ),
    '',
    palette.faint(
      options.template === undefined
        ? `  Ctrl-C ends it; \`npm run oncefold -- check --dynamodb-endpoint ${engines.dynamodb}\` compares the sums.`
        : '  Ctrl-C ends it; functions are restarted when their code changes.',
    ),
  ].join('\n');
}

interface ReadyFunction {
  readonly name: string;
  readonly runtime: string;
  readonly handler: string;
  /** Folder of the code. */
  readonly code: string;
}

function functionsOf({ pipeline: { application, code } }: Ready): readonly ReadyFunction[] {
  return application.functions.map(({ logicalId, functionName, runtime, handler, codeUri }) => {
    const bundle = code.get(logicalId);
    return {
      name: functionName,
      runtime,
      handler: bundle?.handler ?? handler,
      code: bundle?.directory ?? codeUri,
    };
  });
}

function mappingsOf({ pipeline: { application } }: Ready) {
  const { tables, streams, queues, functions, mappings } = application;
  const names = new Map([
    ...tables.map(({ logicalId, tableName }) => [logicalId, tableName] as const),
    ...streams.map(({ logicalId, streamName }) => [logicalId, streamName] as const),
    ...queues.map(({ logicalId, queueName }) => [logicalId, queueName] as const),
    ...functions.map(({ logicalId, functionName }) => [logicalId, functionName] as const),
  ]);
  const nameOf = (logicalId: string): string => names.get(logicalId) ?? logicalId;
  return mappings.map(({ source, functionLogicalId }) => ({
    source: nameOf(source.logicalId),
    function: nameOf(functionLogicalId),
  }));
}

function functionText({ name, runtime, handler, code }: ReadyFunction): string {
  const form = /[/\\]\.aws-sam[/\\]build[/\\]/.test(code) ? 'built by sam build' : 'not built by sam build';
  return `${name}: ${handler} in ${shownPath(code)} (${runtime}, ${form})`;
}

const LABEL_WIDTH = 10;

function list(label: string, lines: readonly string[]): readonly string[] {
  const shown = lines.filter((line) => line !== '');
  return (shown.length === 0 ? ['none'] : shown).map(
    (line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)} ${line}`,
  );
}

/** A path as a person would type it here. */
function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
