import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { useDynamoDb } from '@oncefold/engines/vitest';
import { describe, expect, it } from 'vitest';
import { createTableClock, systemOperationsClock } from '../src/tables/index.ts';

describe('createTableClock on DynamoDB', () => {
  const dynamodb = useDynamoDb();

  it.each([-180_000, 180_000])('follows the engine from a clock that is %s ms off', async (skewMs) => {
    const clock = createTableClock(dynamodb.client, {
      ...systemOperationsClock,
      now: () => Date.now() + skewMs,
    });
    const before = Date.now();
    await dynamodb.client.send(new ListTablesCommand({}));
    const now = clock.now();
    const after = Date.now();
    // A date is cut to the second, and may be that of any moment while the answer was waited for.
    const errorMsMax = 1_000 + (after - before);
    expect(Math.abs(now - after)).toBeLessThanOrEqual(errorMsMax);
  });
});
