import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { NoAnswerError, TableUnavailableError } from './errors.ts';

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
/** How often in all as long as nothing has answered at all: most likely nothing will. Less than a second with the pauses. */
const UNANSWERED_ATTEMPTS_MAX = 4;
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

/** Codes of Node.js for an address where nothing answers, or that does not exist. */
const UNREACHABLE: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Longest chain of causes that is followed: one that goes on must be a circle. */
const CAUSES_MAX = 10;

/** Clients that a table has answered: what does not answer them later may be starting anew. */
const answered = new WeakSet<object>();

/** Whether an error says that the request was not done and never will be. */
export function isRefusal(error: unknown): boolean {
  return (error instanceof DynamoDBServiceException && REFUSALS.has(error.name)) || isUnsendable(error);
}

/** Whether a request cannot even be made: there are no credentials, or there is no region. */
function isUnsendable(error: unknown): boolean {
  return hasCause(
    error,
    ({ name, message }) => name === 'CredentialsProviderError' || /^region is missing/i.test(message),
  );
}

/** Whether nothing answers at the address, or something that is no DynamoDB. */
function isNoDynamoDb(error: unknown): boolean {
  return hasCause(
    error,
    (cause) =>
      cause instanceof SyntaxError ||
      cause instanceof NoAnswerError ||
      isNameless(cause) ||
      ('code' in cause && UNREACHABLE.has(cause.code)),
  );
}

/** What another HTTP server refuses has no name that DynamoDB gives. */
function isNameless(cause: Error): boolean {
  const status = cause instanceof DynamoDBServiceException ? cause.$metadata.httpStatusCode : undefined;
  return cause.name === 'Unknown' && status !== undefined && status < 500;
}

function hasCause(error: unknown, test: (cause: Error) => boolean): boolean {
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < CAUSES_MAX; depth += 1) {
    if (test(cause)) {
      return true;
    }
    cause = cause.cause;
  }
  return false;
}

/**
 * Sends a request until it is answered, with pauses that grow.
 *
 * It is for requests that may be done twice: what is no known refusal may have been done already.
 *
 * @param what - what the request does, for the message: "read the table of trades"
 * @param send - sends it once; `undefined` where the answer leaves it open
 * @throws {@link TableUnavailableError} after the last attempt, which comes early where nothing has ever answered the client; a refusal,
 *   a request that cannot be made, and what the signal says, at once
 */
export async function sendAgain<Answer>(
  what: string,
  send: () => Promise<Answer | undefined>,
  access: {
    readonly client: object;
    readonly clock: OperationsClock;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Answer> {
  const { client, clock, signal } = access;
  let cause: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    signal?.throwIfAborted();
    try {
      const answer = await send();
      if (answer !== undefined) {
        answered.add(client);
        return answer;
      }
      cause = undefined;
    } catch (error) {
      // A TypeError is what this code throws for an answer that no further attempt changes.
      if (isRefusal(error) || error instanceof TypeError) {
        throw error;
      }
      cause = error;
      const isAnswer = !isNoDynamoDb(error);
      if (isAnswer && error instanceof DynamoDBServiceException) {
        answered.add(client);
      }
      if (!isAnswer && attempt >= UNANSWERED_ATTEMPTS_MAX && !answered.has(client)) {
        throw new TableUnavailableError(what, { attempts: attempt, cause });
      }
    }
    const pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** attempt) * (0.5 + clock.random() / 2);
    await clock.sleep(pauseMs, signal);
  }
  signal?.throwIfAborted();
  throw new TableUnavailableError(what, { attempts: ATTEMPTS_MAX, cause });
}
