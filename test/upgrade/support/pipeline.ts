import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type AttributeValue, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createLocalClients, freshCredentials } from '@oncefold/engines';
import {
  createDynamoDbSource,
  createFunctionEnvironment,
  createStreamRequests,
  deploy,
  type EngineAccess,
  type FunctionProcess,
  functionArn,
  type InvocationResult,
  startFunctionProcess,
} from '@oncefold/local-runtime';
import { readTemplate } from '@oncefold/sam-template';
import {
  labNames,
  place,
  readProjectDocuments,
  resolveResources,
  root,
  templateFile,
} from '../../template/project-template.ts';
import type { TradeRecord } from './trades.ts';

export type Release = '0.1.0' | '0.2.0' | 'today';
export type StageName = 'state' | 'map' | 'reduce';
type Item = Readonly<Record<string, AttributeValue>>;

/** Tables with the functions of two releases over them; the test is what delivers to the functions. */
export interface Pipeline {
  /** Hands records to the function of a stage, in one process per release that stays warm until {@link Pipeline.restart}. */
  deliver(stage: StageName, release: Release, records: readonly object[]): Promise<InvocationResult>;
  /** As {@link Pipeline.deliver}, and throws when the function does not succeed with every record. */
  process(stage: StageName, release: Release, records: readonly object[]): Promise<void>;
  /** Ends the processes of a release, so that its next ones know only what the tables say. */
  restart(release: Release): Promise<void>;
  /** All records of the stream that feeds map or reduce, as a mapping delivers them, in order. */
  changes(stage: 'map' | 'reduce'): Promise<readonly object[]>;
  /** Everything in a table, which its logical id names. */
  scan(table: string): Promise<readonly Item[]>;
  /** Sets one attribute of an item, as any program may. */
  setAttribute(table: string, key: Item, attribute: Item): Promise<void>;
  /** Lets {@link Pipeline.changes} of reduce show rows of sums with further attributes from now on. */
  addToRows(attributes: Item): void;
  stop(): Promise<void>;
}

const functionIds = { state: 'StateFunction', map: 'MapFunction', reduce: 'ReduceFunction' } as const;
const sources = { map: 'StateTable', reduce: 'ReduceTable' } as const;
const TIMEOUT_SECONDS = 30;
const PAGE = 1_000;

/**
 * Creates the tables of the template in a database of their own.
 *
 * @param options.endpoint - base URL of the engine
 * @param options.parameters - of the template, which do not take their default
 * @param options.environment - variables of today's functions, over those of the template
 */
export async function createPipeline(options: {
  readonly endpoint: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<Pipeline> {
  const { endpoint, parameters, environment = {} } = options;
  const credentials = freshCredentials();
  const clients = createLocalClients({ dynamodbEndpoint: endpoint, kinesisEndpoint: endpoint, credentials });
  const application = await readTemplate({
    file: templateFile,
    parameterOverrides: { ...labNames, ...parameters },
    ...place,
  });
  const { tables } = await deploy({ tables: application.tables, streams: [], queues: [] }, clients);
  const access = { dynamodb: endpoint, dynamodbStreams: endpoint, kinesis: endpoint, credentials, ...place };
  const running = new Map<string, FunctionProcess>();
  let furtherAttributes: Item = {};

  function nameOf(logicalId: string): string {
    const table = application.tables.find((each) => each.logicalId === logicalId);
    if (table === undefined) {
      throw new Error(`the template has no table ${logicalId}`);
    }
    return table.tableName;
  }

  async function warm(stage: StageName, release: Release): Promise<FunctionProcess> {
    const key = `${release} ${stage}`;
    const known = running.get(key);
    if (known !== undefined && (await known.free())) {
      return known;
    }
    const resource = application.functions.find(({ logicalId }) => logicalId === functionIds[stage]);
    if (resource === undefined) {
      throw new Error(`the template has no ${functionIds[stage]}`);
    }
    const taskRoot =
      release === 'today'
        ? join(root, 'services', stage, 'dist')
        : join(import.meta.dirname, '..', `release-${release}`);
    const handler = release === 'today' ? resource.handler : `${stage}.handler`;
    const lines: string[] = [];
    const started = await startFunctionProcess({
      functionArn: functionArn(resource, access),
      taskRoot,
      environment: createFunctionEnvironment({
        resource,
        access,
        taskRoot,
        handler,
        overrides: release === 'today' ? environment : {},
      }),
      timeoutSeconds: TIMEOUT_SECONDS,
      memorySize: resource.memorySize,
      initTimeoutSeconds: TIMEOUT_SECONDS,
      onLine: (_, line) => lines.push(line),
      onStarted: () => undefined,
      onExited: () => undefined,
    });
    running.set(key, started);
    const failed = await started.initialized;
    if (failed?.code === 'failed') {
      throw new Error(`${key}: ${failed.errorMessage}\n${lines.join('\n')}`);
    }
    return started;
  }

  const pipeline: Pipeline = {
    async deliver(stage, release, records) {
      const process = await warm(stage, release);
      return process.invoke({ requestId: randomUUID(), payload: JSON.stringify(eventOf(stage, records)) });
    },
    async process(stage, release, records) {
      const result = await pipeline.deliver(stage, release, records);
      const isWhole = result.code === 'succeeded' && !/"itemIdentifier"/.test(result.payload);
      if (!isWhole) {
        throw new Error(`${stage} of ${release} did not succeed: ${JSON.stringify(result)}`);
      }
    },
    async restart(release) {
      const ended = [...running].filter(([key]) => key.startsWith(release));
      for (const [key, process] of ended) {
        running.delete(key);
        await process.stop('restarted');
      }
    },
    async changes(stage) {
      const streamArn = tables.get(sources[stage])?.streamArn ?? '';
      const eventSourceARN = streamOf(stage);
      const records = await readStream(access, streamArn);
      return records.map((record) => ({
        ...(stage === 'reduce' ? withAttributes(record, furtherAttributes) : record),
        eventSourceARN,
      }));
    },
    addToRows(attributes) {
      furtherAttributes = attributes;
    },
    async setAttribute(table, key, attribute) {
      const [name = '', value] = Object.entries(attribute)[0] ?? [];
      await clients.dynamodb.send(
        new UpdateItemCommand({
          TableName: nameOf(table),
          Key: { ...key },
          UpdateExpression: 'SET #name = :value',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':value': value ?? { NULL: true } },
        }),
      );
    },
    async scan(table) {
      const { Items = [] } = await clients.dynamodb.send(
        new ScanCommand({ TableName: nameOf(table), ConsistentRead: true }),
      );
      return Items;
    },
    async stop() {
      await Promise.all([...running.values()].map((process) => process.stop('the test is over')));
      for (const client of Object.values(clients)) {
        client.destroy();
      }
    },
  };
  return pipeline;
}

function withAttributes(record: object, attributes: Item): object {
  const { dynamodb } = record as { readonly dynamodb: { readonly NewImage: Item } };
  return { ...record, dynamodb: { ...dynamodb, NewImage: { ...dynamodb.NewImage, ...attributes } } };
}

/** Gives records the shape that Kinesis and Lambda give them. */
export function kinesisRecords(
  trades: readonly TradeRecord[],
): { readonly shard: number; readonly event: object }[] {
  return trades.map(({ shard, data }, index) => {
    const sequenceNumber = String(49_000_000_000_000 + index);
    return {
      shard,
      event: {
        eventID: `shardId-00000000000${shard}:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        awsRegion: place.region,
        eventSourceARN: `arn:aws:kinesis:${place.region}:${place.accountId}:stream/IncomingDataStream`,
        kinesis: {
          kinesisSchemaVersion: '1.0',
          sequenceNumber,
          partitionKey: String(index),
          data: Buffer.from(data).toString('base64'),
          approximateArrivalTimestamp: Math.floor(Date.now() / 1_000),
        },
      },
    };
  });
}

/** Map and reduce get windowed events, so that one form serves every strategy. */
function eventOf(stage: StageName, records: readonly object[]): object {
  if (stage === 'state') {
    return { Records: records };
  }
  return {
    Records: records,
    shardId: `shardId-of-${sources[stage]}`,
    window: { start: '2025-11-23T08:00:00Z', end: '2025-11-23T08:15:00Z' },
    state: {},
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  };
}

/** The stream that the function's mapping reads, by the name under which a deployment has it: events come with this name. */
const documents = await readProjectDocuments();

function streamOf(stage: 'map' | 'reduce'): string {
  const functions = resolveResources(documents, {}, (type) => type === 'AWS::Serverless::Function');
  const events = functions.get(functionIds[stage])?.properties['Events'] as Record<
    string,
    { readonly Properties: { readonly Stream: string } }
  >;
  const [event, ...others] = Object.values(events);
  if (event === undefined || others.length > 0) {
    throw new Error(`${stage} must have one stream`);
  }
  return event.Properties.Stream;
}

async function readStream(
  { dynamodb: endpoint, region, credentials: { accessKeyId } }: EngineAccess,
  streamArn: string,
): Promise<object[]> {
  const requests = createStreamRequests({ service: 'dynamodb-streams', endpoint, region, accessKeyId });
  const source = createDynamoDbSource({ requests, streamArn });
  const records: object[] = [];
  for (const { shardId } of await source.listShards()) {
    const read = await source.read(shardId, { kind: 'trim-horizon' }, PAGE);
    if (read.code !== 'records') {
      throw new Error(`the stream could not be read: ${read.error.message}`);
    }
    records.push(...read.records);
  }
  requests.close();
  return records;
}
