import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Decimal, formatContribution, negate, parseSum } from '@oncefold/reducer';
import {
  addRepair,
  formatRepairs,
  RECOUNT_CONTROL_KEY,
  REPAIRS_MAX,
  type Repair,
  recountCounterKey,
  repairRowId,
} from '@oncefold/trades';
import type { TableAccess } from '../tables/scan-table.ts';
import { sendAgain } from '../tables/send-again.ts';
import { readControl } from './control.ts';
import { RecountRefusedError, RecountSupersededError } from './errors.ts';
import type { RecountedNode } from './measure.ts';
import type { RecountPipeline } from './recount-options.ts';

/** Keys that a row of sums may hold, as the reduce stage takes it. */
export const ROW_KEYS_MAX = 80;
/** What the reduce stage takes as a sum of a row. */
const SUM_LIMIT = parseSum('1e22');

/** What the control item may say of repairs, in bytes. */
const REPAIRS_BYTES_MAX = 65_536;

/**
 * Writes what the sums lack as rows of sums, which the reduce stage adds like every other row: each in one transaction, once.
 *
 * A row is written only while the recount that found the difference runs. A later recount counts it as applied or waits for it. With
 * it, the control item says that the aggregates are repaired: changes that were given up before, and are redriven, are in them.
 *
 * @returns the names of the rows; nothing when what was given up was committed all the same since the sums were compared
 * @throws {@link RecountSupersededError} when another run has begun a recount; {@link RecountRefusedError} when that happened between two rows
 */
export async function writeRepair(
  access: TableAccess,
  pipeline: RecountPipeline,
  options: {
    /** The recount, and when it began and ends. */
    readonly repair: Repair;
    readonly owner: string;
    readonly differences: readonly RecountedNode[];
    /** The counter `stray`, as it was before the sums were compared. */
    readonly strays: number;
  },
): Promise<readonly string[] | undefined> {
  const { repair, owner, differences, strays } = options;
  const { number } = repair;
  assertWithinRow(differences);
  const control = await readControl(access, pipeline.tables.recount);
  const former = control?.repairs ?? [];
  const repairs = addRepair(former, repair);
  const unfinished = addRepair(former, { ...repair, isPartial: true });
  assertWithinControl(unfinished, { repair, table: pipeline.tables.aggregate });
  const rows = rowsOf(differences, number);
  for (const [index, row] of rows.entries()) {
    const isLast = index === rows.length - 1;
    const outcome = await writeRow(access, pipeline, {
      ...row,
      number,
      owner,
      strays,
      isLast,
      // Only with the last row the repair is whole; until then nothing is redriven that it may make up for.
      repairs: formatRepairs(isLast ? repairs : unfinished),
    });
    if (outcome === 'strayed' && index === 0) {
      return undefined;
    }
    if (outcome === 'strayed') {
      throw new RecountRefusedError(
        `changes that are not in the recount were committed while the sums were repaired, ${index} of ${rows.length} rows of sums are written: run the command again`,
      );
    }
  }
  return rows.flatMap(({ id, message }) => (message === undefined ? [] : [id]));
}

/** What is written of a repair at once. */
interface RepairRow {
  readonly id: string;
  /** Absent where nothing differs: then only the control item says that it is so. */
  readonly message: string | undefined;
}

function rowsOf(differences: readonly RecountedNode[], number: number): readonly RepairRow[] {
  const rows: RepairRow[] = [];
  for (let start = 0; start < differences.length; start += ROW_KEYS_MAX) {
    const part = differences.slice(start, start + ROW_KEYS_MAX);
    const sums = new Map(part.map(({ key, difference }): [string, Decimal] => [key, negate(difference)]));
    rows.push({ id: repairRowId(number, rows.length + 1), message: formatContribution(sums) });
  }
  return rows.length > 0 ? rows : [{ id: repairRowId(number, 1), message: undefined }];
}

/** The functions read the control item at each invocation. */
function assertWithinControl(
  repairs: readonly Repair[],
  { repair: { except = [] }, table }: { readonly repair: Repair; readonly table: string },
): void {
  const [first] = except;
  if (first !== undefined && Buffer.byteLength(formatRepairs(repairs)) > REPAIRS_BYTES_MAX) {
    throw new RecountRefusedError(
      `${table} has ${except.length} rows that no trade adds to, ${JSON.stringify(first)} among them: too many to tell a redrive which rows ` +
        'this repair leaves alone; delete them, or move them to a table of their own, then run the command again',
    );
  }
}

function assertWithinRow(differences: readonly RecountedNode[]): void {
  const large = differences.find(({ difference }) => difference >= SUM_LIMIT || difference <= -SUM_LIMIT);
  if (large !== undefined) {
    throw new RecountRefusedError(
      `the difference of ${JSON.stringify(large.key)} is larger than a row of sums may hold: put its Value nearer to the expected sum by hand, then run the command again`,
    );
  }
}

async function writeRow(
  access: TableAccess,
  { tables, retentionSeconds }: RecountPipeline,
  row: RepairRow & {
    readonly number: number;
    readonly owner: string;
    readonly strays: number;
    /** Whether it makes the repair whole. */
    readonly isLast: boolean;
    /** What the control item says of repairs from then on. */
    readonly repairs: string;
  },
): Promise<'written' | 'strayed'> {
  const expiresAt = Math.ceil(access.clock.now() / 1000) + retentionSeconds;
  const putOf = (id: string, message: string) => ({
    Put: {
      TableName: tables.reduce,
      Item: { MessageId: { S: id }, Message: { S: message }, ExpiresAt: { N: String(expiresAt) } },
      ConditionExpression: 'attribute_not_exists(#id)',
      ExpressionAttributeNames: { '#id': 'MessageId' },
    },
  });
  const command = new TransactWriteItemsCommand({
    // An answer that was cut off has no capacity.
    ReturnConsumedCapacity: 'TOTAL',
    TransactItems: [
      ...(row.message === undefined ? [] : [putOf(row.id, row.message)]),
      {
        Update: {
          TableName: tables.recount,
          Key: { Identifier: { S: RECOUNT_CONTROL_KEY } },
          UpdateExpression: `SET #repairs = :repairs${row.isLast ? ' REMOVE #repairing' : ''}`,
          ConditionExpression: '#number = :number AND #owner = :owner AND #state = :running',
          ExpressionAttributeNames: {
            '#number': 'Number',
            '#owner': 'Owner',
            '#state': 'State',
            '#repairs': 'Repairs',
            ...(row.isLast && { '#repairing': 'Repairing' }),
          },
          ExpressionAttributeValues: {
            ':number': { N: String(row.number) },
            ':owner': { S: row.owner },
            ':running': { S: 'running' },
            ':repairs': { S: row.repairs },
          },
        },
      },
      { ConditionCheck: noMoreStrays(tables.recount, row) },
    ],
  });
  const send = async (): Promise<'written' | 'superseded' | 'strayed' | undefined> => {
    try {
      const { ConsumedCapacity } = await access.client.send(command);
      return ConsumedCapacity === undefined ? undefined : 'written';
    } catch (error) {
      if (error instanceof TransactionCanceledException) {
        return afterCancellation(error.CancellationReasons ?? []);
      }
      throw error;
    }
  };
  const outcome = await sendAgain(`write to ${tables.reduce}`, send, access);
  if (outcome === 'superseded') {
    throw new RecountSupersededError(row.number);
  }
  return outcome;
}

function noMoreStrays(
  table: string,
  { number, strays }: { readonly number: number; readonly strays: number },
) {
  return {
    TableName: table,
    Key: { Identifier: { S: recountCounterKey(number, 'stray') } },
    ConditionExpression: strays === 0 ? 'attribute_not_exists(#value)' : '#value = :strays',
    ExpressionAttributeNames: { '#value': 'Value' },
    ...(strays > 0 && { ExpressionAttributeValues: { ':strays': { N: String(strays) } } }),
  };
}

/** The row has this run's name, so whoever finds it there has written it. */
function afterCancellation(
  reasons: readonly CancellationReason[],
): 'written' | 'superseded' | 'strayed' | undefined {
  // Without a row there are two reasons.
  const [ofStrays, ofControl, ofRow] = reasons.map(({ Code }) => Code).reverse();
  if (ofControl === 'ConditionalCheckFailed') {
    return 'superseded';
  }
  if (ofRow === 'ConditionalCheckFailed') {
    return 'written';
  }
  return ofStrays === 'ConditionalCheckFailed' ? 'strayed' : undefined;
}

/**
 * Refuses a repair of a path that could not be told to a redrive any more.
 *
 * @throws {@link RecountRefusedError} when so many paths were repaired since everything was
 */
export async function assertRepairsHaveRoom(
  access: TableAccess,
  { table, path }: { readonly table: string; readonly path: string | undefined },
): Promise<void> {
  const control = await readControl(access, table);
  if (path !== undefined && (control?.repairs.length ?? 0) >= REPAIRS_MAX) {
    throw new RecountRefusedError(
      `${REPAIRS_MAX} paths were repaired one by one: rebuild once without a path, so that a redrive need not know them all`,
    );
  }
}
