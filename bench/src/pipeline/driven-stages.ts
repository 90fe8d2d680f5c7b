import { randomUUID } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { StrategyCode } from '@oncefold/commit';
import { createLocalDynamoDb, freshCredentials, LOCAL_ACCOUNT_ID, LOCAL_REGION } from '@oncefold/engines';
import {
  createFunctionEnvironment,
  createTable,
  type FaultProxy,
  findBundle,
  functionArn,
  startFaultProxy,
  startFunctionProcess,
} from '@oncefold/local-runtime';
import { type Application, readTemplate } from '@oncefold/sam-template';
import { repository } from '../repository.ts';
import { pipelineParameters, pipelineTemplate } from './pipeline-template.ts';
import { changeEvent, messageEvent, type StreamedItem } from './stage-events.ts';

export type StageName = 'state' | 'map' | 'reduce';

/** Write and read units of each stage. */
export type StageUnits = Readonly<Record<StageName, { readonly write: number; readonly read: number }>>;

/** The functions of the pipeline, each with a proxy that counts its requests; batches are handed to them, so that these can be exact. */
export interface DrivenStages {
  /** Hands messages to the state function, what it changed to map, and the rows of sums to reduce. */
  run(batches: readonly (readonly Uint8Array[])[]): Promise<{
    readonly units: StageUnits;
    readonly changes: number;
    /** Sums that the rows of ReduceTable hold; each is an item of AggregateTable. */
    readonly sums: number;
  }>;
  /** Largest item of each table, in bytes as DynamoDB counts them. */
  largestItems(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

const functionIds: Readonly<Record<StageName, string>> = {
  state: 'StateFunction',
  map: 'MapFunction',
  reduce: 'ReduceFunction',
};
const INIT_TIMEOUT_SECONDS = 60;

/** Starts the built functions of this repository's template on a database of their own. */
export async function startDrivenStages(
  engine: string,
  strategies: { readonly map: StrategyCode; readonly reduce: StrategyCode },
): Promise<DrivenStages> {
  const application = await readTemplate({
    file: pipelineTemplate,
    parameterOverrides: {
      ...pipelineParameters,
      MapStrategy: strategies.map,
      ReduceStrategy: strategies.reduce,
    },
  });
  const credentials = freshCredentials();
  const client = createLocalDynamoDb({ endpoint: engine, credentials });
  for (const { logicalId, tableName, definition } of application.tables) {
    const { StreamSpecification: _, ...withoutStream } = definition;
    await createTable({ logicalId, tableName, definition: withoutStream }, client);
  }
  const stages = {
    state: await startStage(application, { id: functionIds.state, engine, credentials }),
    map: await startStage(application, { id: functionIds.map, engine, credentials }),
    reduce: await startStage(application, { id: functionIds.reduce, engine, credentials }),
  };
  const changes = createWatch(client, 'StateTable', 'id');
  const rows = createWatch(client, 'ReduceTable', 'MessageId');
  let sequence = 0;
  const nextSequence = (count: number): number => {
    sequence += count;
    return sequence - count;
  };

  return {
    async run(batches) {
      const before = unitsOf(stages);
      for (const batch of batches) {
        await stages.state.invoke(messageEvent(batch, nextSequence(batch.length)));
      }
      const changed = await changes.look();
      const { hasWindow: mapHasWindow } = stages.map;
      await stages.map.invoke(
        changeEvent('StateTable', changed, { first: nextSequence(changed.length), hasWindow: mapHasWindow }),
      );
      const added = await rows.look();
      const { hasWindow } = stages.reduce;
      await stages.reduce.invoke(
        changeEvent('ReduceTable', added, { first: nextSequence(added.length), hasWindow }),
      );
      const after = unitsOf(stages);
      return {
        units: difference(after, before),
        changes: changed.length,
        sums: sumsOf(added),
      };
    },
    async largestItems() {
      const sizes = await Promise.all(
        application.tables.map(
          async ({ tableName }) => [tableName, await largestItem(client, tableName)] as const,
        ),
      );
      return Object.fromEntries(sizes.filter(([, bytes]) => bytes > 0));
    },
    async stop() {
      await Promise.all(Object.values(stages).map((stage) => stage.stop()));
      client.destroy();
    },
  };
}

interface Stage {
  readonly proxy: FaultProxy;
  /** Whether its mapping has a tumbling window: only then an event names its shard. */
  readonly hasWindow: boolean;
  invoke(event: object): Promise<void>;
  stop(): Promise<void>;
}

async function startStage(
  { functions, mappings }: Application,
  options: {
    readonly id: string;
    readonly engine: string;
    readonly credentials: ReturnType<typeof freshCredentials>;
  },
): Promise<Stage> {
  const resource = functions.find(({ logicalId }) => logicalId === options.id);
  const mapping = mappings.find(({ functionLogicalId }) => functionLogicalId === options.id);
  if (resource === undefined || mapping === undefined) {
    throw new Error(`invariant: the template has no ${options.id} that is fed`);
  }
  const proxy = await startFaultProxy({ engine: options.engine });
  const { directory } = findBundle(resource, repository);
  const access = {
    dynamodb: proxy.endpoint(options.id),
    dynamodbStreams: '',
    kinesis: '',
    region: LOCAL_REGION,
    accountId: LOCAL_ACCOUNT_ID,
    credentials: options.credentials,
  };
  const { handler } = resource;
  const started = await startFunctionProcess({
    functionArn: functionArn(resource, access),
    environment: createFunctionEnvironment({ resource, access, taskRoot: directory, handler, overrides: {} }),
    taskRoot: directory,
    timeoutSeconds: resource.timeoutSeconds,
    memorySize: resource.memorySize,
    initTimeoutSeconds: INIT_TIMEOUT_SECONDS,
    onLine: () => {},
    onStarted: () => {},
    onExited: () => {},
  });
  const failed = await started.initialized;
  if (failed !== undefined) {
    throw new Error(`${options.id} cannot be started: ${failed.errorMessage}`);
  }
  return {
    proxy,
    hasWindow:
      'tumblingWindowInSeconds' in mapping.settings && (mapping.settings.tumblingWindowInSeconds ?? 0) > 0,
    async invoke(event) {
      const result = await started.invoke({ requestId: randomUUID(), payload: JSON.stringify(event) });
      if (result.code === 'failed') {
        throw new Error(`${options.id} failed: ${result.errorMessage}`);
      }
      const { batchItemFailures = [] } = (JSON.parse(result.payload) ?? {}) as {
        readonly batchItemFailures?: readonly unknown[];
      };
      if (batchItemFailures.length > 0) {
        throw new Error(`${options.id} left ${batchItemFailures.length} records for a next delivery`);
      }
      await started.free();
    },
    async stop() {
      await started.stop('stopped');
      await proxy.close();
    },
  };
}

/** Tells what was put into a table since the last look: nothing is changed here, and nothing is removed. */
function createWatch(client: DynamoDBClient, table: string, key: string) {
  const seen = new Map<string, string>();
  return {
    async look(): Promise<readonly StreamedItem[]> {
      const found: StreamedItem[] = [];
      for await (const { Items = [] } of paginateScan(
        { client },
        { TableName: table, ConsistentRead: true },
      )) {
        for (const item of Items) {
          const id = item[key]?.S ?? '';
          const text = JSON.stringify(item);
          const before = seen.get(id);
          if (before !== text) {
            seen.set(id, text);
            const old =
              before === undefined ? {} : { oldImage: JSON.parse(before) as StreamedItem['newImage'] };
            found.push({ keys: { [key]: { S: id } }, newImage: item, ...old });
          }
        }
      }
      return found;
    },
  };
}

function sumsOf(rows: readonly StreamedItem[]): number {
  const names = rows.flatMap(({ newImage }) => Object.keys(JSON.parse(newImage['Message']?.S ?? '{}')));
  return new Set(names).size;
}

function unitsOf(stages: Readonly<Record<StageName, Stage>>): StageUnits {
  const of = ({ proxy }: Stage) => proxy.figures().unitsComputed;
  return { state: of(stages.state), map: of(stages.map), reduce: of(stages.reduce) };
}

function difference(after: StageUnits, before: StageUnits): StageUnits {
  const of = (stage: StageName) => ({
    write: after[stage].write - before[stage].write,
    read: after[stage].read - before[stage].read,
  });
  return { state: of('state'), map: of('map'), reduce: of('reduce') };
}

async function largestItem(client: DynamoDBClient, table: string): Promise<number> {
  let largest = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of Items) {
      largest = Math.max(largest, itemBytes(item));
    }
  }
  return largest;
}

/** Names and values; the items of the pipeline hold texts and numbers only. */
function itemBytes(item: Readonly<Record<string, AttributeValue>>): number {
  let bytes = 0;
  for (const [name, { S: text, N: number }] of Object.entries(item)) {
    // A number takes a byte for two digits, and one more.
    bytes +=
      Buffer.byteLength(name) +
      Buffer.byteLength(text ?? '') +
      (number === undefined ? 0 : Math.ceil(number.length / 2) + 1);
  }
  return bytes;
}
