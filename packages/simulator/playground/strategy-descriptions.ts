import type { StrategyName } from '../src/index.ts';

/** What the strategies are, for somebody who has never heard of them. */
export const strategyDescriptions: Readonly<
  Record<StrategyName, { readonly title: string; readonly text: string }>
> = {
  none: { title: 'Nothing', text: 'Every delivery counts.' },
  'request-token': {
    title: 'Request token',
    text: 'A ClientRequestToken made of the records of one write. DynamoDB knows it for 10 minutes.',
  },
  ledger: {
    title: 'Ledger',
    text: 'A marker for each record, put in the same transaction as the sums, and only if it is absent.',
  },
  checkpoint: {
    title: 'Checkpoint',
    text: 'The position of the shard, moved in the same transaction as the sums, and only if it is behind.',
  },
};
