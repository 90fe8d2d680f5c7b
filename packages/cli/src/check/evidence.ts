import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  findUnappliedRows,
  isLostRow,
  type RecountPipeline,
  RecountRefusedError,
} from '@oncefold/operations/recount';
import { scanTable, sendAgain, type TableAccess, type TableItem } from '@oncefold/operations/tables';
import { describeTable } from '../tables/describe-table.ts';

/** How much of each kind of evidence is told by name. */
export const TOLD_MAX = 20;

/** Rows of sums that the reduce stage has not applied, or why that cannot be said. */
export type UnappliedEvidence =
  | {
      readonly code: 'found';
      readonly inFlight: number;
      /** Older than their stream keeps them: nothing applies them but a redrive. */
      readonly lost: number;
      /** The first of them, those that are lost first. */
      readonly first: readonly string[];
    }
  | { readonly code: 'too-many'; readonly reason: string }
  | { readonly code: 'unknown'; readonly reason: string };

/** Records that map or reduce did not take for what they should be. */
export interface QuarantineEvidence {
  readonly count: number;
  readonly first: readonly QuarantinedChange[];
}

export interface QuarantinedChange {
  readonly consumer: string;
  readonly recordId: string;
  readonly reason: string;
  readonly detail: string;
  /** Of the trade, or the row, that changed; absent where the record does not say it within its first part. */
  readonly itemId: string | undefined;
}

/** Looks for rows of sums that are not applied. */
export async function findUnapplied(
  access: TableAccess,
  pipeline: RecountPipeline | { readonly reason: string },
): Promise<UnappliedEvidence> {
  if ('reason' in pipeline) {
    return { code: 'unknown', reason: pipeline.reason };
  }
  try {
    const { rows, total } = await findUnappliedRows(access, pipeline);
    if (total > 0 && rows.length === total) {
      const { tables, namespace } = pipeline;
      const reason = `${tables.ledger} knows none of the rows of ${tables.reduce} for namespace ${namespace}; does the reduce stage have another strategy than ledger?`;
      return { code: 'unknown', reason };
    }
    const nowMs = access.clock.now();
    const lost = rows.filter((row) => isLostRow(row, nowMs));
    const first = [...lost, ...rows.filter((row) => !isLostRow(row, nowMs))].slice(0, TOLD_MAX);
    return {
      code: 'found',
      inFlight: rows.length - lost.length,
      lost: lost.length,
      first: first.map(({ id }) => id),
    };
  } catch (error) {
    if (error instanceof RecountRefusedError) {
      return { code: 'too-many', reason: error.message };
    }
    throw error;
  }
}

/** Looks for changes of trades, and rows of sums, that are in quarantine; nothing where there is no such table. */
export async function findQuarantined(
  access: TableAccess & { readonly client: DynamoDBClient },
  table: string,
): Promise<QuarantineEvidence | undefined> {
  if ((await describeTable(access.client, table, access.signal)) === undefined) {
    return undefined;
  }
  const heads: TableItem[] = [];
  let count = 0;
  const attributes = ['Source', 'Part', 'Consumer', 'RecordId', 'Reason', 'Detail'];
  for await (const page of scanTable(access, { table, attributes })) {
    for (const item of page) {
      if (item['Part']?.N === '0' && ['map', 'reduce'].includes(item['Consumer']?.S ?? '')) {
        count += 1;
        heads.push(...(heads.length < TOLD_MAX ? [item] : []));
      }
    }
  }
  const first = await Promise.all(heads.map((head) => describeHead(access, table, head)));
  return { count, first };
}

async function describeHead(access: TableAccess, table: string, head: TableItem): Promise<QuarantinedChange> {
  const { Source, Part } = head;
  const Key = { ...(Source && { Source }), ...(Part && { Part }) };
  const command = new GetItemCommand({ TableName: table, Key, ProjectionExpression: 'Payload' });
  const { Item } = await sendAgain(`read ${table}`, () => access.client.send(command), access);
  return {
    consumer: head['Consumer']?.S ?? '',
    recordId: head['RecordId']?.S ?? '',
    reason: head['Reason']?.S ?? '',
    detail: head['Detail']?.S ?? '',
    itemId: itemIdOf(Item?.['Payload']?.B),
  };
}

/** The key of the changed item, as the record of a stream has it. */
function itemIdOf(payload: Uint8Array | undefined): string | undefined {
  try {
    const record = JSON.parse(new TextDecoder().decode(payload)) as {
      readonly dynamodb?: { readonly Keys?: Readonly<Record<string, { readonly S?: string }>> };
    };
    const [key] = Object.values(record.dynamodb?.Keys ?? {});
    return key?.S;
  } catch {
    // A record of several parts ends in the middle.
    return undefined;
  }
}
