import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OperationsClock } from './send-again.ts';

/** Dates of HTTP are cut to the second. */
const DATE_MS = 1_000;

/**
 * A clock that shows the time of the tables: it follows the header `Date` of what answers the client.
 *
 * Times that are compared with those of stream records come from DynamoDB, as these do, however wrong the clock of this machine is.
 * Before the first answer, and where answers have no date, as of an engine on this machine, it is the clock that it is made of.
 */
export function createTableClock(client: DynamoDBClient, local: OperationsClock): OperationsClock {
  let aheadMs = 0;
  client.middlewareStack.add(
    (next) => async (input) => {
      const sentMs = local.now();
      const result = await next(input);
      const dateMs = dateOf(result.response);
      if (dateMs !== undefined) {
        // The date is of a moment between both, so this much is certain; within it the clock stays as it is.
        const atLeastMs = dateMs - local.now();
        const atMostMs = dateMs + DATE_MS - sentMs;
        aheadMs = Math.min(Math.max(aheadMs, atLeastMs), atMostMs);
      }
      return result;
    },
    { step: 'deserialize', name: 'followTableClock', override: true },
  );
  return { ...local, now: () => local.now() + aheadMs };
}

function dateOf(response: unknown): number | undefined {
  const { headers } = (response ?? {}) as { readonly headers?: Readonly<Record<string, string>> };
  const dateMs = Date.parse(headers?.['date'] ?? '');
  return Number.isNaN(dateMs) ? undefined : dateMs;
}
