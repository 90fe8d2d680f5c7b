import { aggregateTable, type Clock, ledger, systemClock, type TransactionPort } from '@oncefold/commit';
import { commitOnce } from '@oncefold/middleware';
import { eachRecord } from '@oncefold/middleware/each-record';
import { timeBucket } from '@oncefold/reducer';
import type { DynamoDBRecord } from 'aws-lambda';
import { z } from 'zod';

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

/** A new item of the table Visits, as its stream has it. */
const schema = z.object({
  NewImage: z.object({
    Page: z.object({ S: z.string().min(1).max(500) }),
    At: z.object({ S: z.iso.datetime() }),
    Seconds: z.object({ N: z.string() }),
  }),
});

/** Counts the views of each page on each day, and the seconds that visitors stayed. */
export function createPageViews(transactions: TransactionPort, clock: Clock = systemClock) {
  const strategy = ledger({ ...names, table: 'Ledger', now: () => clock.now() });
  return commitOnce(
    { transactions, clock, strategy, effect: views },
    eachRecord(
      { schema, quarantine: { ...names, table: 'Quarantine' } },
      ({ NewImage }, _: DynamoDBRecord) => ({
        contribution: views.add(
          { page: NewImage.Page.S, day: timeBucket(new Date(NewImage.At.S), 'day') },
          { views: 1, seconds: NewImage.Seconds.N },
        ),
      }),
    ),
  );
}
