import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What a request is answered with: what the client returns, or an error that it throws. */
export type Answer = object | Error;

/** A client that gives these answers in turn, the last one from then on. */
export function answering(...answers: Answer[]): Pick<DynamoDBClient, 'send'> {
  let calls = 0;
  const send = async () => {
    const answer = answers[Math.min(calls++, answers.length - 1)];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  return { send: send as unknown as DynamoDBClient['send'] };
}
