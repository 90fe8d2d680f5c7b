import { aggregateTable, type Clock, ledger, systemClock, type TransactionPort } from '@oncefold/commit';
import { commitOnce } from '@oncefold/middleware';
import { eachRecord } from '@oncefold/middleware/each-record';
import { timeBucket } from '@oncefold/reducer';
import type { DynamoDBRecord } from 'aws-lambda';

const names = { namespace: 'site', consumer: 'page-views' };
const KEPT_SECONDS = 400 * 86_400;

const views = aggregateTable({
  table: 'PageViews',
  key: { PK: 'PAGE#{page}', SK: 'DAY#{day}' },
  measures: ['views', 'seconds'],
  attributes: ({ day }) => ({
    setIfAbsent: { ExpiresAt: { N: String(Date.parse(day) / 1000 + KEPT_SECONDS) } },
  }),
});

/** Counts the views of each page on each day, and the seconds that visitors stayed. */
export function createPageViews(transactions: TransactionPort, clock: Clock = systemClock) {
  const strategy = ledger({ ...names, table: 'Ledger', now: () => clock.now() });
  return commitOnce(
    { transactions, clock, strategy, effect: views },
    eachRecord({ quarantine: { ...names, table: 'Quarantine' } }, ({ NewImage = {} }, _: DynamoDBRecord) => {
      const { Page, At, Seconds } = NewImage;
      const day = timeBucket(new Date(At?.S ?? ''), 'day');
      return views.add({ page: Page?.S ?? '', day }, { views: 1, seconds: Seconds?.N ?? '' });
    }),
  );
}
