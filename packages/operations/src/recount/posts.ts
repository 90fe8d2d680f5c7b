import { BatchExecuteStatementCommand } from '@aws-sdk/client-dynamodb';
import { recountAttributes, recountPostId } from '@oncefold/trades';
import { deleteItems } from '../tables/delete-items.ts';
import type { TableAccess } from '../tables/scan-table.ts';
import { sendAgain } from '../tables/send-again.ts';
import { MARKS_MAX } from './mark-items.ts';
import { createPace } from './pace.ts';

/**
 * So many keys are in every partition of a table but for chance: of 40 partitions none is left out but once in 10^9 recounts.
 */
const POSTS = 1_000;

/** Which posts a recount puts up. */
export const defaultPosts = (): readonly number[] => Array.from({ length: POSTS }, (_, index) => index);

/** The posts of one recount. */
export interface Posts {
  readonly table: string;
  readonly recount: number;
  readonly indexes: readonly number[];
}

/**
 * Puts items into a table that are no trades, so that each of its partitions has something to mark: a partition that holds no trade
 * any more may hold the removals of trades that nobody has processed yet.
 *
 * Those that are there stay as they are.
 *
 * @param perSecondMax - items that are put in a second; 0 for as many as the table takes
 */
export async function putPosts(access: TableAccess, posts: Posts, perSecondMax: number): Promise<void> {
  const { table, recount, indexes } = posts;
  const pace = createPace(access.clock, perSecondMax);
  for (let start = 0; start < indexes.length; start += MARKS_MAX) {
    const command = new BatchExecuteStatementCommand({
      Statements: indexes.slice(start, start + MARKS_MAX).map((index) => ({
        Statement: `INSERT INTO "${table}" VALUE {'id':?,'${recountAttributes.number}':?}`,
        Parameters: [{ S: recountPostId(recount, index) }, { N: String(recount) }],
      })),
    });
    const send = async (): Promise<true | undefined> => {
      const { Responses = [] } = await access.client.send(command);
      const refused = Responses.find(({ Error: error }) => REFUSALS.has(error?.Code ?? ''));
      if (refused !== undefined) {
        throw new TypeError(`DynamoDB refuses to put items into ${table}: ${refused.Error?.Code}`);
      }
      const isDone =
        Responses.length === command.input.Statements?.length &&
        Responses.every(({ Error: error }) => error === undefined || error.Code === 'DuplicateItem');
      return isDone ? true : undefined;
    };
    await pace.wait(command.input.Statements?.length ?? 0);
    await sendAgain(`put items into ${table}`, send, access);
  }
}

/** Codes that no further attempt changes. */
const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'ResourceNotFound', 'ValidationError']);

/** Takes the posts of a recount away. What a late request leaves is taken away by the next recount. */
export async function removePosts(access: TableAccess, { table, recount, indexes }: Posts): Promise<void> {
  const keys = indexes.map((index) => ({ id: { S: recountPostId(recount, index) } }));
  await deleteItems(access, { table, keys });
}
