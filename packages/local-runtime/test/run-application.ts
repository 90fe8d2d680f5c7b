import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createLocalClients, freshCredentials, LOCAL_REGION, type LocalClients } from '@oncefold/engines';
import type { MappingSettings } from '@oncefold/sam-template';
import type { RunningApplication, StartApplicationOptions } from '../src/application/running-application.ts';
import type { RuntimeEvent } from '../src/application/runtime-event.ts';
import { startApplication } from '../src/application/start-application.ts';
import { FUNCTION_DEFAULTS, MAPPING_DEFAULTS } from './lambda-defaults.ts';

const HANDLERS: string = fileURLToPath(new URL('./fixtures/handlers', import.meta.url));

/** An application of one function, one stream of its own and one mapping, with its events. */
export interface TestApplication {
  readonly running: RunningApplication;
  readonly clients: LocalClients;
  readonly sourceName: string;
  readonly events: RuntimeEvent[];
  /** What the handler wrote, parsed. */
  logged<Line>(): Line[];
  /** Puts texts into one shard, in order. */
  put(texts: readonly string[]): Promise<void>;
}

export async function runApplication(options: {
  readonly endpoints: { readonly dynamodb: string; readonly kinesis: string };
  readonly kind?: 'kinesis' | 'dynamodb';
  readonly handler: string;
  readonly settings?: Partial<MappingSettings>;
  readonly timeoutSeconds?: number;
  readonly variables?: Record<string, string>;
  readonly more?: Partial<StartApplicationOptions>;
}): Promise<TestApplication> {
  const { endpoints, kind = 'kinesis', handler, timeoutSeconds = 30, variables = {} } = options;
  const credentials = freshCredentials();
  const clients = createLocalClients({
    dynamodbEndpoint: endpoints.dynamodb,
    kinesisEndpoint: endpoints.kinesis,
    credentials,
  });
  const sourceName = `Source-${credentials.accessKeyId}`;
  const arn = await createSource(kind, clients, sourceName);
  const events: RuntimeEvent[] = [];
  const running = await startApplication({
    application: {
      functions: [
        {
          ...FUNCTION_DEFAULTS,
          logicalId: 'Function',
          functionName: 'function',
          handler,
          timeoutSeconds,
          environment: variables,
        },
      ],
      tables: [],
      streams: [],
      mappings: [
        {
          logicalId: 'Mapping',
          functionLogicalId: 'Function',
          source: { kind, logicalId: 'Source' },
          settings: { ...MAPPING_DEFAULTS, ...options.settings },
        },
      ],
      unsupported: [],
      outputs: {},
    },
    deployment: {
      streams: new Map(kind === 'kinesis' ? [['Source', { streamName: sourceName, streamArn: arn }]] : []),
      tables: new Map(
        kind === 'dynamodb' ? [['Source', { tableName: sourceName, tableArn: '', streamArn: arn }]] : [],
      ),
    },
    access: { ...endpoints, region: LOCAL_REGION, accountId: '123456789012', credentials },
    bundles: () => ({ directory: HANDLERS }),
    onEvent: (event) => events.push(event),
    ...options.more,
  });
  return {
    running,
    clients,
    sourceName,
    events,
    logged: <Line>() =>
      events.flatMap((event) =>
        event.type === 'log' && event.output === 'stdout' ? [JSON.parse(event.line) as Line] : [],
      ),
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

async function createSource(
  kind: 'kinesis' | 'dynamodb',
  clients: LocalClients,
  name: string,
): Promise<string> {
  if (kind === 'kinesis') {
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 2 }));
    return `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
  }
  await clients.dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: name }));
  return Table?.LatestStreamArn ?? '';
}
