import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createLocalClients, freshCredentials, type LocalClients } from '@oncefold/engines';
import type { MappingSettings, TableResource } from '@oncefold/sam-template';
import type { RunApplicationOptions } from '../src/application/running-application.ts';
import { deploy } from '../src/deployment/deploy.ts';
import { MAPPING_DEFAULTS } from './lambda-defaults.ts';
import { type RunningFunction, runOneFunction } from './run-one-function.ts';

/** An application of one function, one stream of its own and one mapping, with its events. */
export interface TestApplication extends RunningFunction {
  readonly clients: LocalClients;
  readonly sourceName: string;
  /** Puts texts into one shard, in order. */
  put(texts: readonly string[]): Promise<void>;
}

export async function runTestApplication(options: {
  readonly endpoints: { readonly dynamodb: string; readonly kinesis: string };
  readonly kind?: 'kinesis' | 'dynamodb';
  readonly handler: string;
  readonly settings?: Partial<MappingSettings>;
  readonly functionQualifier?: string;
  readonly consumerArn?: string;
  readonly timeoutSeconds?: number;
  readonly variables?: Record<string, string>;
  /** Called when the stream exists and nothing reads it yet. */
  readonly prepare?: (source: Pick<TestApplication, 'clients' | 'sourceName'>) => Promise<void>;
  readonly more?: Partial<RunApplicationOptions>;
}): Promise<TestApplication> {
  const { endpoints, kind = 'kinesis', handler, timeoutSeconds = 30, variables = {} } = options;
  const { functionQualifier, consumerArn } = options;
  const credentials = freshCredentials();
  const clients = createLocalClients({
    dynamodbEndpoint: endpoints.dynamodb,
    kinesisEndpoint: endpoints.kinesis,
    credentials,
  });
  const sourceName = `Source-${credentials.accessKeyId}`;
  const logicalId = 'Source';
  const deployment = await deploy(
    kind === 'kinesis'
      ? {
          tables: [],
          streams: [{ logicalId, streamName: sourceName, shardCount: 2, retentionHours: 24 }],
          queues: [],
        }
      : { tables: [tableWithStream(logicalId, sourceName)], streams: [], queues: [] },
    clients,
  );
  await options.prepare?.({ clients, sourceName });
  const started = await runOneFunction({
    resource: {
      logicalId: 'Function',
      functionName: 'function',
      handler,
      timeoutSeconds,
      environment: variables,
    },
    mapping: {
      source: { kind, logicalId, ...(consumerArn === undefined ? {} : { consumerArn }) },
      ...(functionQualifier === undefined ? {} : { functionQualifier }),
      settings: { ...MAPPING_DEFAULTS, ...options.settings },
    },
    deployment,
    endpoints,
    credentials,
    more: options.more,
  });
  return {
    ...started,
    clients,
    sourceName,
    async put(texts) {
      await clients.kinesis.send(
        new PutRecordsCommand({
          StreamName: sourceName,
          Records: texts.map((text) => ({
            Data: Buffer.from(text),
            PartitionKey: 'p',
            ExplicitHashKey: '0',
          })),
        }),
      );
    },
  };
}

function tableWithStream(logicalId: string, tableName: string): TableResource {
  const streamViewType = 'NEW_AND_OLD_IMAGES';
  return {
    logicalId,
    tableName,
    streamViewType,
    definition: {
      TableName: tableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: streamViewType },
    },
  };
}
