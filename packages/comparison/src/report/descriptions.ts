import type { StrategyCode } from '@oncefold/commit';
import type {
  FaultCode,
  FaultDescription,
  StageCode,
  StrategyDescription,
  TransactionsCode,
  TransactionsDescription,
} from './comparison-report.ts';

/** All stages, in the order of the report. */
export const stageCodes: readonly StageCode[] = ['reduce', 'map'];

/** How many transactions a batch may need, in the order of the report. */
export const transactionsDescriptions: readonly TransactionsDescription[] = [
  {
    code: 'one',
    title: 'One transaction a batch',
    description:
      'The aggregates of a batch fit into one transaction. One warm process has all batches of the shard.',
  },
  {
    code: 'several',
    title: 'Several transactions a batch',
    description:
      'Each record adds to some 30 or 60 aggregates, so that a batch needs several transactions. Two warm processes have the deliveries in turns: what one has committed, the other has not seen. A fault that meets a commit meets any one of a batch, drawn from the seed. A cell takes as many batches of the input as its faults need, and three more.',
  },
];

/** All strategies, in the order of the report. */
export const strategyDescriptions: readonly StrategyDescription[] = [
  {
    code: 'none',
    title: 'No guard',
    guard: 'Nothing: every delivery counts.',
    promisesExactness: false,
  },
  {
    code: 'request-token',
    title: 'Request token',
    guard: "ClientRequestToken made from the batch's record ids.",
    promisesExactness: false,
  },
  {
    code: 'powertools',
    title: 'Powertools Idempotency',
    guard: 'An idempotency record of the batch, written before and after the commit.',
    promisesExactness: false,
  },
  {
    code: 'ledger',
    title: 'Ledger',
    guard: 'A marker for each record, in the same transaction as the effect.',
    promisesExactness: true,
  },
  {
    code: 'checkpoint',
    title: 'Checkpoint',
    guard: "The shard's last sequence number, moved in the same transaction as the effect.",
    promisesExactness: true,
  },
];

/** All faults, in the order of the report; the control comes first. */
export const faultDescriptions: readonly FaultDescription[] = [
  {
    code: 'none',
    title: 'No fault',
    description: 'Every batch is delivered once. The control.',
  },
  {
    code: 'same-batch',
    title: 'Same batch again',
    description: 'A batch succeeds, and the same batch is delivered again at once.',
  },
  {
    code: 'crash',
    title: 'Crash after the commit',
    description:
      'The function is killed (kill -9) when DynamoDB has committed, before it learns so; then the batch is delivered again.',
  },
  {
    code: 'reply-lost',
    title: 'Reply lost',
    description:
      'DynamoDB commits, and its reply is lost with the connection. The function lives on and may send the commit again.',
  },
  {
    code: 'token-window',
    title: 'Again after 10 minutes',
    description: 'A batch succeeds; DynamoDB forgets its token; then the same batch is delivered again.',
  },
  {
    code: 'regrouped',
    title: 'Batch cut anew',
    description:
      'A batch succeeds and is delivered again in two halves; another one is delivered again in one batch with newer records. Of several transactions, the function is also killed after the first, and the batch comes again in two halves.',
  },
  {
    code: 'two-pollers',
    title: 'Two pollers at once',
    description: 'Two invocations in two processes have the same batch at the same time.',
  },
  {
    code: 'zombie',
    title: 'Zombie write',
    description:
      'A commit is held on its way and its function is killed; the batch is delivered again and succeeds; then the held commit arrives.',
  },
  {
    code: 'throttling',
    title: 'Throttling and conflicts',
    description:
      'DynamoDB turns requests away: throttled, in conflict with another transaction, internal error. None of them writes, and no batch comes again after it succeeded.',
  },
  {
    code: 'changed-arithmetic',
    title: 'Deploy in between',
    description:
      'A batch succeeds; a deploy changes the arithmetic (reduce: other sums in the same rows; map: other dimensions); then the batch is delivered again.',
  },
  {
    code: 'everything',
    title: 'Everything together',
    description: 'Each of the faults strikes once, in an order drawn from the seed.',
  },
];

/** Codes of {@link transactionsDescriptions}. */
export const transactionsCodes: readonly TransactionsCode[] = transactionsDescriptions.map(
  ({ code }) => code,
);

/** Codes of {@link strategyDescriptions}. */
export const strategyCodes: readonly StrategyCode[] = strategyDescriptions.map(({ code }) => code);

/** Codes of {@link faultDescriptions}. */
export const faultCodes: readonly FaultCode[] = faultDescriptions.map(({ code }) => code);
