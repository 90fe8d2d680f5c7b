import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDb, freshCredentials, LOCAL_ACCOUNT_ID, LOCAL_REGION } from '@oncefold/engines';
import { createTable, type FaultPlan, type FaultProxy, startFaultProxy } from '@oncefold/local-runtime';
import type { ComparisonEngine } from './comparison-engine.ts';
import { createPoller, type Poller } from './poller.ts';
import type { StageResources, StageResourcesQuery, StageResourcesReader } from './stage-resources.ts';

/** What the function of one stage runs on. */
export interface StageEnvironment {
  readonly engine: ComparisonEngine;
  /** Absolute directory of the built function. */
  readonly taskRoot: string;
  readonly resources: StageResourcesReader;
}

/** One stage under one strategy, with a database, a proxy and processes that nothing else uses. */
export interface StageSandbox {
  readonly client: DynamoDBClient;
  readonly proxy: FaultProxy;
  readonly resources: StageResources;
  /** Creates the tables that the stage writes to, without streams: they take time and change no sum. */
  createTables(): Promise<void>;
  /** @param environment - variables of the function, read whenever a process starts */
  createPoller(name: string, environment: () => Readonly<Record<string, string>>): Poller;
  close(): Promise<void>;
}

export async function openStageSandbox(
  environment: StageEnvironment,
  query: StageResourcesQuery,
  options: { readonly plan?: FaultPlan; readonly signal: AbortSignal },
): Promise<StageSandbox> {
  const { signal, ...faults } = options;
  const resources = await environment.resources(query);
  const credentials = freshCredentials();
  const database = await environment.engine.open();
  const client = createLocalDynamoDb({ endpoint: database.endpoint, credentials });
  const proxy = await startFaultProxy({ engine: database.endpoint, ...faults });
  const pollers: Poller[] = [];
  const stopPollers = async (): Promise<void> => {
    await Promise.all(pollers.map((poller) => poller.stop()));
  };
  const abort = (): void => void stopPollers();
  signal.addEventListener('abort', abort, { once: true });
  return {
    client,
    proxy,
    resources,
    createTables: async () => {
      for (const { logicalId, tableName, definition } of resources.tables) {
        const { StreamSpecification: _, ...withoutStream } = definition;
        await createTable({ logicalId, tableName, definition: withoutStream }, client, signal);
      }
    },
    createPoller: (name, variables) => {
      const poller = createPoller({
        name,
        resource: resources.function,
        access: {
          dynamodb: proxy.endpoint(name),
          dynamodbStreams: '',
          kinesis: '',
          region: LOCAL_REGION,
          accountId: LOCAL_ACCOUNT_ID,
          credentials,
        },
        taskRoot: environment.taskRoot,
        environment: variables,
      });
      pollers.push(poller);
      return poller;
    },
    close: async () => {
      signal.removeEventListener('abort', abort);
      await stopPollers();
      await proxy.close();
      client.destroy();
      await database.close();
    },
  };
}
