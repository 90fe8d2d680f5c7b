import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { TableUnavailableError } from './errors.ts';

/** Time and chance, so that a simulation can be in charge of them. */
export interface OperationsClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** At least 0 and below 1. */
  random(): number;
}

/** How often a request is sent in all; with the pauses this is more than two minutes. */
const ATTEMPTS_MAX = 20;
const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 10_000;

/** Refusals that no further attempt changes. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'ValidationException',
]);

/** Whether an error says that the request was not done and never will be. */
export function isRefusal(error: unknown): boolean {
  return error instanceof DynamoDBServiceException && REFUSALS.has(error.name);
}

/**
 * Sends a request until it is answered, with pauses that grow.
 *
 * It is for requests that may be done twice: what is no known refusal may have been done already.
 *
 * @param what - what the request does, for the message: "read the table of trades"
 * @param send - sends it once; `undefined` where the answer leaves it open
 * @throws {@link TableUnavailableError} after the last attempt; a refusal, and what the signal says, at once
 */
export async function sendAgain<Answer>(
  what: string,
  send: () => Promise<Answer | undefined>,
  { clock, signal }: { readonly clock: OperationsClock; readonly signal?: AbortSignal | undefined },
): Promise<Answer> {
  let cause: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    signal?.throwIfAborted();
    try {
      const answer = await send();
      if (answer !== undefined) {
        return answer;
      }
      cause = undefined;
    } catch (error) {
      // A TypeError is what this code throws for an answer that no further attempt changes.
      if (isRefusal(error) || error instanceof TypeError) {
        throw error;
      }
      cause = error;
    }
    const pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** attempt) * (0.5 + clock.random() / 2);
    await clock.sleep(pauseMs, signal);
  }
  signal?.throwIfAborted();
  throw new TableUnavailableError(what, { attempts: ATTEMPTS_MAX, cause });
}
