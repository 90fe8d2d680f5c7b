import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { parseRepairs, RECOUNT_CONTROL_KEY, type RecountState } from '@oncefold/trades';
import { createDynamoDbClient } from '../environment/create-dynamodb-client.ts';
import type { Environment } from '../environment/environment.ts';

const REQUEST_TIMEOUT_MS = 5_000;
/** The SDK's default. */
const ATTEMPTS_MAX = 3;

/** The item that says which recount runs cannot be read. */
class RecountControlError extends Error {
  override readonly name = 'RecountControlError';
  readonly code = 'invalid-recount';

  constructor(table: string) {
    super(
      `The item ${RECOUNT_CONTROL_KEY} of ${table} does not say which recount runs, or which have repaired the sums; put its attributes Number, State and ` +
        'Repairs right, or put it back from a backup. Do not delete it: without Repairs a redrive counts again what a rebuild has made up for; if that is lost, rebuild before any redrive.',
    );
  }
}

/** Reads what is to be known of recounts. */
export type ReadRecounts = () => Promise<RecountState>;

/** Before the first recount. */
export const noRecounts: RecountState = { newest: 0, running: undefined, repairs: [], owner: '' };

/**
 * Makes the function that reads which recount runs.
 *
 * Each invocation reads it once, consistently, after its batch has arrived. So whoever processes a change that is marked for a
 * recount knows of that recount: the mark was written after the recount had begun, and the batch arrived after the mark was written.
 *
 * @param options.table - the recount table: key `Identifier` (S)
 * @returns a function that throws {@link RecountControlError} where the item is damaged, and what the client throws
 */
export function createRecountReader(
  client: Pick<DynamoDBClient, 'send'>,
  { table }: { readonly table: string },
): ReadRecounts {
  return async () => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: { Identifier: { S: RECOUNT_CONTROL_KEY } },
        ConsistentRead: true,
      }),
    );
    if (Item === undefined) {
      return noRecounts;
    }
    const newest = Number(Item['Number']?.N);
    const state = Item['State']?.S;
    const repairs = parseRepairs(Item['Repairs']?.S);
    const isReadable = Number.isSafeInteger(newest) && newest > 0 && repairs !== undefined;
    if (!isReadable || (state !== 'running' && state !== 'ended')) {
      throw new RecountControlError(table);
    }
    const running =
      state === 'running'
        ? { number: newest, path: Item['Path']?.S, repairing: Item['Repairing']?.S }
        : undefined;
    return { newest, running, repairs, owner: Item['Owner']?.S ?? '' };
  };
}

/** Makes a function's {@link createRecountReader} from its environment. */
export function composeRecountReader(environment: Environment): ReadRecounts {
  const client = createDynamoDbClient({
    attemptsMax: ATTEMPTS_MAX,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    connectionsMax: 1,
  });
  return createRecountReader(client, { table: environment.text('RECOUNT_TABLE') });
}
