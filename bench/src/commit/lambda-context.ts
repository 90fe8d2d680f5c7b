import type { LambdaContext } from '@oncefold/middleware';

/** What Lambda tells of an invocation, as far as a commit reads it: its time does not run out. */
export const lambdaContext: LambdaContext = {
  awsRequestId: 'bench',
  getRemainingTimeInMillis: () => 60_000,
};
