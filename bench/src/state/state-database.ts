import { createLocalDynamoDb, freshCredentials, LOCAL_REGION, startDynamoDb } from '@oncefold/engines';
import { createTable } from '@oncefold/local-runtime';
import { readTemplate } from '@oncefold/sam-template';
import { pipelineParameters, pipelineTemplate } from '../pipeline/pipeline-template.ts';

/** The tables of the pipeline on an engine of their own, without functions. */
export interface StateDatabase {
  /** What a client or a function finds it by. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts an engine and makes the tables of the template, with their streams. */
export async function startStateDatabase(): Promise<StateDatabase> {
  const { tables } = await readTemplate({
    file: pipelineTemplate,
    parameterOverrides: pipelineParameters,
  });
  const engine = await startDynamoDb();
  const credentials = freshCredentials();
  const client = createLocalDynamoDb({ endpoint: engine.endpoint, credentials });
  try {
    for (const table of tables) {
      await createTable(table, client);
    }
  } catch (error) {
    await engine.stop();
    throw error;
  } finally {
    client.destroy();
  }
  return {
    environment: {
      AWS_REGION: LOCAL_REGION,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    },
    stop: () => engine.stop(),
  };
}
