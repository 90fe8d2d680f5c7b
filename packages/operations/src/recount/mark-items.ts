import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type RecountMark, recountAttributes, recountMarkOf } from '@oncefold/trades';
import type { TableAccess } from '../tables/scan-table.ts';
import { isRefusal, sendAgain } from '../tables/send-again.ts';
import { RecountRefusedError } from './errors.ts';

/** DynamoDB's own limit of statements in a request. */
export const MARKS_MAX = 25;

/** An item to be marked. */
export interface ItemToMark {
  readonly id: string;
  /** The mark that it had when it was read. */
  readonly before: RecountMark | undefined;
  /** Also sums it by these dimensions, if its hierarchy is still the one that was read. */
  readonly dimensions?: { readonly text: string; readonly hierarchy: string } | undefined;
}

/** What a wave has done to some items. */
export interface MarkedItems {
  /** Items that this wave has reached: each is one change in the table's stream. */
  readonly marked: number;
  /** Those of them that are summed by other dimensions since. */
  readonly moved: number;
  /** Items that changed since they were read, or are gone; they have no mark of this wave. */
  readonly changed: number;
  /**
   * Items that are gone, or were replaced, after a request whose answer was lost: whether the wave had reached them cannot be known
   * any more.
   */
  readonly unknown: number;
}

interface Marking {
  readonly item: ItemToMark;
  /** Whether an earlier request may have marked it. */
  mayBeMarked: boolean;
  /** Why DynamoDB does not take the mark. */
  refusal?: string;
}

type Outcome = 'marked' | 'changed' | 'unknown' | 'refused' | 'open';

/**
 * Marks items for a wave of a recount: many conditional writes share one request.
 *
 * The number of marks that were written is exact. Only the owner of a recount writes its waves, so an item that has the mark got it
 * from a request of this call, however many were sent.
 *
 * @param items - 1 to {@link MARKS_MAX} different items
 * @throws {@link TableUnavailableError} when the table does not answer
 * @throws {@link RecountRefusedError} when an item has no room for a mark
 */
export async function markItems(
  access: TableAccess,
  items: readonly ItemToMark[],
  target: { readonly table: string; readonly mark: Required<RecountMark> },
): Promise<MarkedItems> {
  const counts = { marked: 0, moved: 0, changed: 0, unknown: 0 };
  const markings = items.map((item): Marking => ({ item, mayBeMarked: false }));
  let open: readonly Marking[] = markings;
  const attempt = async (): Promise<true | undefined> => {
    const outcomes = await markOnce(access, open, target);
    open = open.filter(({ item }, index) => {
      const outcome = outcomes[index] ?? 'open';
      if (outcome !== 'open' && outcome !== 'refused') {
        counts[outcome] += 1;
      }
      if (outcome === 'marked' && item.dimensions !== undefined) {
        counts.moved += 1;
      }
      return outcome === 'open';
    });
    return open.length === 0 ? true : undefined;
  };
  await sendAgain(`mark items of ${target.table}`, attempt, access);
  const refused = markings.find(({ refusal }) => refusal !== undefined);
  if (refused !== undefined) {
    throw new RecountRefusedError(
      `DynamoDB refuses to mark the item ${JSON.stringify(refused.item.id)} of ${target.table} (${refused.refusal}): a mark takes about 50 bytes, and an item has ` +
        'at most 400 KB; take off it what no trade needs, or remove it, then run the command again',
    );
  }
  return counts;
}

async function markOnce(
  access: TableAccess,
  markings: readonly Marking[],
  target: { readonly table: string; readonly mark: Required<RecountMark> },
): Promise<readonly Outcome[]> {
  const { table, mark } = target;
  const Statements = markings.map(({ item }) => statementOf(item, target));
  let responses: readonly BatchStatementResponse[];
  try {
    const answer = await access.client.send(new BatchExecuteStatementCommand({ Statements }));
    responses = answer.Responses ?? [];
  } catch (error) {
    if (isRefusal(error)) {
      throw error;
    }
    responses = [];
  }
  const isComplete = responses.length === markings.length;
  return Promise.all(
    markings.map(async (marking, index): Promise<Outcome> => {
      const response = isComplete ? responses[index] : undefined;
      const code = response === undefined ? 'NoAnswer' : response.Error?.Code;
      if (response !== undefined && response.Error === undefined) {
        return 'marked';
      }
      if (code === 'ConditionalCheckFailed') {
        const existing = response?.Error?.Item ?? (await readItem(access, table, marking.item.id));
        return outcomeOf(existing, marking, mark);
      }
      if (code === 'ValidationError') {
        marking.refusal = response?.Error?.Message ?? code;
        return 'refused';
      }
      if (code === 'AccessDenied' || code === 'ResourceNotFound') {
        throw new TypeError(`DynamoDB refuses to mark items of ${table}: ${code}`);
      }
      marking.mayBeMarked = true;
      return 'open';
    }),
  );
}

/** What a mark that was refused says, by the item that is there. */
function outcomeOf(
  existing: Readonly<Record<string, AttributeValue>> | undefined,
  { mayBeMarked }: Marking,
  mark: Required<RecountMark>,
): Outcome {
  const has = existing === undefined ? undefined : recountMarkOf(existing);
  if (has?.number === mark.number && has.wave === mark.wave) {
    return 'marked';
  }
  return mayBeMarked ? 'unknown' : 'changed';
}

function statementOf(
  { id, before, dimensions }: ItemToMark,
  { table, mark }: { readonly table: string; readonly mark: Required<RecountMark> },
): BatchStatementRequest {
  const { number, wave } = recountAttributes;
  const assignments = [`"${number}"=?`, `"${wave}"=?`];
  const values: AttributeValue[] = [{ N: String(mark.number) }, { N: String(mark.wave) }];
  if (dimensions !== undefined) {
    assignments.push('"Dimensions"=?');
    values.push({ S: dimensions.text });
  }
  const conditions = ['"id"=?'];
  const compared: AttributeValue[] = [{ S: id }];
  const require = (attribute: string, value: number | undefined): void => {
    if (value === undefined) {
      conditions.push(`"${attribute}" IS MISSING`);
    } else {
      conditions.push(`"${attribute}"=?`);
      compared.push({ N: String(value) });
    }
  };
  require(number, before?.number);
  require(wave, before?.wave);
  if (dimensions !== undefined) {
    conditions.push('"Hierarchy"=?');
    compared.push({ S: dimensions.hierarchy });
  }
  return {
    Statement: `UPDATE "${table}" SET ${assignments.join(', ')} WHERE ${conditions.join(' AND ')}`,
    Parameters: [...values, ...compared],
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

async function readItem(
  access: TableAccess,
  table: string,
  id: string,
): Promise<Readonly<Record<string, AttributeValue>> | undefined> {
  const command = new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true });
  const { Item } = await sendAgain(`read ${table}`, () => access.client.send(command), access);
  return Item;
}
