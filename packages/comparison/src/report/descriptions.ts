import type { StrategyCode } from '@oncefold/commit';
import type {
  FaultCode,
  FaultDescription,
  StageCode,
  StrategyDescription,
  TransactionsCode,
  TransactionsDescription,
} from './comparison-report.ts';

/** These lists have the order of the report. */
export const stageCodes: readonly StageCode[] = ['reduce', 'map'];

export const transactionsDescriptions: readonly TransactionsDescription[] = [
  {
    code: 'one',
    title: 'One transaction per batch',
    description:
      'The aggregates of a batch fit into one transaction. One warm process receives all batches of the shard.',
  },
  {
    code: 'several',
    title: 'Several transactions per batch',
    description:
      'Each record adds to about 30 or 60 aggregates, so that a batch needs several transactions. Two warm processes receive the deliveries in turns: neither has seen what the other one committed. A fault of a commit affects any commit of the batch, drawn from the seed. A cell takes as many batches of the input as its faults need, and three more.',
  },
];

export const strategyDescriptions: readonly StrategyDescription[] = [
  {
    code: 'none',
    title: 'No guard',
    guard: 'There is no guard: every delivery counts.',
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

export const faultDescriptions: readonly FaultDescription[] = [
  {
    code: 'none',
    title: 'No fault',
    description: 'Every batch is delivered once. The control.',
  },
  {
    code: 'same-batch',
    title: 'Same batch again',
    description: 'A batch succeeds and is redelivered at once.',
  },
  {
    code: 'crash',
    title: 'Crash after the commit',
    description:
      'The function is killed (kill -9) after DynamoDB has committed and before it receives the reply; then the batch is redelivered.',
  },
  {
    code: 'reply-lost',
    title: 'Reply lost',
    description:
      'DynamoDB commits, and its reply is lost with the connection. The function keeps running and may send the commit again.',
  },
  {
    code: 'token-window',
    title: 'Again after 10 minutes',
    description: 'A batch succeeds; DynamoDB forgets its token; then the same batch is redelivered.',
  },
  {
    code: 'regrouped',
    title: 'Batch regrouped',
    description:
      'A batch succeeds and is redelivered in two halves; another one is redelivered together with newer records. With several transactions, the function is also killed after the first one, and the batch is redelivered in two halves.',
  },
  {
    code: 'two-pollers',
    title: 'Two pollers at once',
    description: 'Two invocations in two processes receive the same batch at the same time.',
  },
  {
    code: 'zombie',
    title: 'Zombie write',
    description:
      'A commit is held on its way and its function is killed; the batch is redelivered and succeeds; then the held commit arrives.',
  },
  {
    code: 'throttling',
    title: 'Throttling and conflicts',
    description:
      'DynamoDB rejects requests: throttled, in conflict with another transaction, internal error. None of them writes anything, and no batch is redelivered after it succeeded.',
  },
  {
    code: 'changed-arithmetic',
    title: 'New code in between',
    description:
      'A batch succeeds; a deployment changes the arithmetic (reduce: other sums in the same rows; map: other dimensions); then the batch is redelivered.',
  },
  {
    code: 'everything',
    title: 'Everything together',
    description: 'Each of the faults happens once, in an order drawn from the seed.',
  },
];

export const transactionsCodes: readonly TransactionsCode[] = transactionsDescriptions.map(
  ({ code }) => code,
);

export const strategyCodes: readonly StrategyCode[] = strategyDescriptions.map(({ code }) => code);

export const faultCodes: readonly FaultCode[] = faultDescriptions.map(({ code }) => code);
