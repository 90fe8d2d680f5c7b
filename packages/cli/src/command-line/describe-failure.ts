import { CouldNotRunError } from './could-not-run-error.ts';

/** What the person at the terminal has to know about the request that failed. */
interface Request {
  /** What was being done, to complete "could not …". */
  readonly what: string;
  /** The address that was asked, or nothing for AWS itself. */
  readonly endpoint?: string | undefined;
}

/** Turns the failure of a request to AWS, or to a local engine, into one clear line. */
export function describeFailure(error: unknown, request: Request): CouldNotRunError {
  if (error instanceof CouldNotRunError) {
    return error;
  }
  return new CouldNotRunError(`could not ${request.what}: ${reasonOf(error, request.endpoint)}`, {
    cause: error,
  });
}

function reasonOf(error: unknown, endpoint: string | undefined): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const where = endpoint ?? 'AWS';
  for (const cause of causesOf(error)) {
    const code = 'code' in cause ? cause.code : undefined;
    if (code === 'ECONNREFUSED') {
      return `nothing answers at ${where} (connection refused)`;
    }
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      return `the host of ${where} is not known`;
    }
    if (cause.name === 'TimeoutError') {
      return `${where} did not answer in time`;
    }
    if (cause.name === 'CredentialsProviderError') {
      return noCredentials;
    }
    if (/region is missing/i.test(cause.message)) {
      return 'no region; set AWS_REGION or pass --region';
    }
  }
  return messagesOf(error).join(': ') || error.name;
}

/** What was said on the way up, without what says nothing or repeats itself. */
function messagesOf(error: Error): readonly string[] {
  const messages = causesOf(error).map((cause) =>
    cause.message === 'UnknownError' ? cause.name : cause.message,
  );
  return messages.filter((message, index) => message !== '' && !messages.slice(0, index).includes(message));
}

const noCredentials =
  'no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
/** Longest chain of causes that is followed: one that goes on must be a circle. */
const CAUSES_MAX = 10;

/** The error and what lies under it, outermost first: those who wrap an error seldom repeat what it said. */
function causesOf(error: Error): readonly Error[] {
  const causes: Error[] = [];
  for (
    let cause: unknown = error;
    cause instanceof Error && causes.length < CAUSES_MAX;
    cause = cause.cause
  ) {
    causes.push(cause);
  }
  return causes;
}
