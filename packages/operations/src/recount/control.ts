import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { parseRepairs, RECOUNT_CONTROL_KEY, type Repair, recountOfKey } from '@oncefold/trades';
import { deleteItems } from '../tables/delete-items.ts';
import { scanTable, type TableAccess } from '../tables/scan-table.ts';
import { sendAgain } from '../tables/send-again.ts';
import { RecountRefusedError, RecountSupersededError } from './errors.ts';

/** The one item that says which recount runs. */
export interface RecountControl {
  readonly number: number;
  readonly owner: string;
  readonly isRunning: boolean;
  /** Recounts that have repaired the aggregates. */
  readonly repairs: readonly Repair[];
}

const controlKey: Record<string, AttributeValue> = { Identifier: { S: RECOUNT_CONTROL_KEY } };
/** How often another run may begin at the same moment. */
const STARTS_MAX = 5;

/** Reads the control item, consistently; absent before the first recount. */
export async function readControl(access: TableAccess, table: string): Promise<RecountControl | undefined> {
  const command = new GetItemCommand({ TableName: table, Key: controlKey, ConsistentRead: true });
  const { Item } = await sendAgain(`read ${table}`, () => access.client.send(command), access);
  if (Item === undefined) {
    return undefined;
  }
  const repairs = parseRepairs(Item['Repairs']?.S);
  const number = Number(Item['Number']?.N ?? '0');
  if (repairs === undefined || !Number.isSafeInteger(number)) {
    throw new RecountRefusedError(
      `${table} does not say which recounts have repaired the aggregates: put the attributes Number and Repairs of its item ${RECOUNT_CONTROL_KEY} right, ` +
        'or put it back from a backup. Do not delete it: without Repairs a redrive counts again what a rebuild has made up for; if that is lost, rebuild before any redrive',
    );
  }
  return {
    number,
    owner: Item['Owner']?.S ?? '',
    isRunning: Item['State']?.S === 'running',
    repairs,
  };
}

/** A recount that runs. */
interface BegunRecount {
  readonly number: number;
  /** The number of the one that ran before it, if any did. */
  readonly superseded: number | undefined;
  /** When it began at the earliest, in milliseconds since the epoch. */
  readonly startedMs: number;
}

/**
 * Begins a recount, whether or not one runs: whoever ran that one is told at its next step.
 *
 * Its number is higher than any before it, also if the control item was lost: it is at least the time in seconds.
 */
export async function beginRecount(
  access: TableAccess,
  {
    table,
    owner,
    path,
  }: { readonly table: string; readonly owner: string; readonly path: string | undefined },
): Promise<BegunRecount> {
  let startedMs: number | undefined;
  for (let start = 0; start < STARTS_MAX; start += 1) {
    const before = await readControl(access, table);
    // Not before the first answer, from which the clock may have its time, nor after the first request that may begin it.
    startedMs ??= access.clock.now();
    if (before?.owner === owner && before.isRunning) {
      return { number: before.number, superseded: undefined, startedMs };
    }
    const number = Math.max((before?.number ?? 0) + 1, Math.floor(startedMs / 1000));
    const isBegun = await updateControl(access, table, {
      UpdateExpression: `SET #number = :number, #owner = :owner, #state = :running${path === undefined ? ' REMOVE #path,' : ', #path = :path REMOVE'} #repairing`,
      ConditionExpression: before === undefined ? 'attribute_not_exists(#number)' : '#number = :before',
      ExpressionAttributeNames: {
        '#number': 'Number',
        '#owner': 'Owner',
        '#state': 'State',
        '#path': 'Path',
        '#repairing': 'Repairing',
      },
      ExpressionAttributeValues: {
        ':number': { N: String(number) },
        ':owner': { S: owner },
        ':running': { S: 'running' },
        ...(before !== undefined && { ':before': { N: String(before.number) } }),
        ...(path !== undefined && { ':path': { S: path } }),
      },
    });
    if (isBegun) {
      return { number, superseded: before?.isRunning === true ? before.number : undefined, startedMs };
    }
  }
  throw new RecountSupersededError(0);
}

/** @throws {@link RecountSupersededError} unless the recount runs and is this run's */
export async function assertRunning(
  access: TableAccess,
  { table, owner, number }: { readonly table: string; readonly owner: string; readonly number: number },
): Promise<void> {
  const control = await readControl(access, table);
  if (control?.number !== number || control.owner !== owner || !control.isRunning) {
    throw new RecountSupersededError(number);
  }
}

/**
 * Says that a recount is about to repair the aggregates: from then on map counts what is delivered again after it was given up.
 *
 * @throws {@link RecountSupersededError} unless the recount runs and is this run's
 */
export async function announceRepair(
  access: TableAccess,
  { table, owner, number }: { readonly table: string; readonly owner: string; readonly number: number },
): Promise<void> {
  const isAnnounced = await updateControl(access, table, {
    UpdateExpression: 'SET #repairing = :owner',
    ConditionExpression: '#number = :number AND #owner = :owner AND #state = :running',
    ExpressionAttributeNames: {
      '#number': 'Number',
      '#owner': 'Owner',
      '#state': 'State',
      '#repairing': 'Repairing',
    },
    ExpressionAttributeValues: {
      ':number': { N: String(number) },
      ':owner': { S: owner },
      ':running': { S: 'running' },
    },
  });
  if (!isAnnounced) {
    throw new RecountSupersededError(number);
  }
}

/** Ends a recount, so that functions count for it no more, and deletes its sums and those of earlier ones. */
export async function endRecount(
  access: TableAccess,
  { table, number }: { readonly table: string; readonly number: number },
): Promise<void> {
  await updateControl(access, table, {
    UpdateExpression: 'SET #state = :ended REMOVE #repairing',
    ConditionExpression: '#number = :number',
    ExpressionAttributeNames: { '#number': 'Number', '#state': 'State', '#repairing': 'Repairing' },
    ExpressionAttributeValues: { ':number': { N: String(number) }, ':ended': { S: 'ended' } },
  });
  const control = await readControl(access, table);
  if (control?.number === number && !control.isRunning) {
    await deleteSums(access, { table, number });
  }
}

async function updateControl(
  access: TableAccess,
  table: string,
  update: Omit<ConstructorParameters<typeof UpdateItemCommand>[0], 'TableName' | 'Key'>,
): Promise<boolean> {
  const command = new UpdateItemCommand({ TableName: table, Key: controlKey, ...update });
  try {
    await sendAgain(`write to ${table}`, () => access.client.send(command), access);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}

/** Another run may have begun a recount with a higher number by now. */
async function deleteSums(
  access: TableAccess,
  { table, number }: { readonly table: string; readonly number: number },
): Promise<void> {
  for await (const page of scanTable(access, { table, attributes: ['Identifier'] })) {
    const keys = page
      .map((item) => item['Identifier']?.S ?? '')
      .filter((key) => (recountOfKey(key) ?? Number.POSITIVE_INFINITY) <= number);
    await deleteItems(access, { table, keys: keys.map((key) => ({ Identifier: { S: key } })) });
  }
}
