import { incrementEach, ledger } from '@oncefold/commit';
import { commitOnce } from '@oncefold/middleware';
import { parseDecimal } from '@oncefold/reducer';
import type { FunctionEnvironment, SimulatedHandler } from '@oncefold/simulator';
import type { KinesisStreamEvent } from 'aws-lambda';

/** Longer than any redelivery is late, in seconds. */
const RETENTION_SECONDS = 8 * 24 * 60 * 60;

/** What the function needs of its environment: in Lambda `createDynamoDbTransactions(client)` and the system's clock. */
type Environment = Pick<FunctionEnvironment, 'transactions' | 'clock'>;

/** Counts views of pages. */
export function createPageViews({ transactions, clock }: Environment): SimulatedHandler {
  const strategy = ledger({
    namespace: 'site',
    consumer: 'page-views',
    table: 'Ledger',
    retentionSeconds: RETENTION_SECONDS,
    now: () => clock.now(),
  });
  const effect = incrementEach({ table: 'Views', key: 'Page', attribute: 'Count' });
  return commitOnce({ transactions, strategy, effect, clock }, ({ Records }: KinesisStreamEvent) =>
    Records.map(({ kinesis }) => {
      const { page } = JSON.parse(atob(kinesis.data)) as { page: string };
      return { contribution: new Map([[page, parseDecimal('1')]]) };
    }),
  );
}
