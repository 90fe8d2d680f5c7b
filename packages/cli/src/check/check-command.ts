import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Hierarchy } from '@oncefold/reducer';
import { createTradeHierarchy } from '@oncefold/trades';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeFailure } from '../command-line/describe-failure.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { UnreadableItemError } from '../sums/unreadable-item-error.ts';
import type { CheckOptions } from './check-options.ts';
import { checkPipeline } from './check-pipeline.ts';
import { checkToJson, checkView } from './check-view.ts';

/**
 * `oncefold check`: recomputes every aggregate and says whether the table holds exactly that.
 *
 * @returns the exit status: 0 equal, 1 different
 */
export async function checkCommand(options: CheckOptions, context: CommandContext): Promise<number> {
  const { terminal, lifetime } = context;
  const { signal } = lifetime;
  const hierarchy = createHierarchyOf(options);
  const client = createClient(options);
  try {
    const tables = {
      state: options.stateTable,
      aggregate: options.aggregateTable,
      accounting: options.accountingTable,
    };
    const result = await checkPipeline({ client, tables, hierarchy, signal });
    terminal.answer(options.json ? JSON.stringify(checkToJson(result)) : checkView(result, terminal.palette));
    return result.exact ? exitStatus.exact : exitStatus.different;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UnreadableItemError) {
      throw new CouldNotRunError(error.message, { cause: error });
    }
    throw describeFailure(error, { what: 'read the tables', endpoint: endpointOf(options) });
  } finally {
    client.destroy();
  }
}

function createHierarchyOf(options: CheckOptions): Hierarchy {
  try {
    return createTradeHierarchy(options.hierarchyDimensions);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CouldNotRunError(`wrong hierarchy dimensions: ${reason}`, { cause: error });
  }
}

function createClient(options: CheckOptions): DynamoDBClient {
  const { accessKeyId, secretAccessKey } = options;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new CouldNotRunError('--access-key-id and --secret-access-key belong together; one is missing');
  }
  const region = options.region ?? defaultRegion(options);
  return new DynamoDBClient({
    ...(options.dynamodbEndpoint !== undefined && { endpoint: options.dynamodbEndpoint }),
    ...(region !== undefined && { region }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
    maxAttempts: 5,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    }),
  });
}

/** A local engine takes any region, so nobody should have to name one; AWS must be asked in the right one. */
function defaultRegion(options: CheckOptions): string | undefined {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return AWS_REGION || AWS_DEFAULT_REGION || (endpointOf(options) === undefined ? undefined : 'us-east-1');
}

function endpointOf(options: CheckOptions): string | undefined {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL } = process.env;
  return options.dynamodbEndpoint ?? (AWS_ENDPOINT_URL_DYNAMODB || AWS_ENDPOINT_URL || undefined);
}
