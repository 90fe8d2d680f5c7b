import { NoAnswerError } from '@oncefold/operations/tables';
import { CouldNotRunError } from './could-not-run-error.ts';
import { MissingTableError } from './missing-table-error.ts';

/** What the person at the terminal has to know about the request that failed. */
interface Request {
  /** What was being done, to complete "could not …". */
  readonly what: string;
  /** The address that was asked, or nothing for AWS itself. */
  readonly endpoint?: string | undefined;
  /** What should answer there; DynamoDB by default. */
  readonly service?: string;
}

/** Turns the failure of a request to AWS, or to a local engine, into one clear line. */
export function describeFailure(error: unknown, request: Request): CouldNotRunError {
  if (error instanceof MissingTableError && isLocal(request.endpoint)) {
    return new CouldNotRunError(
      `${error.message} at ${request.endpoint}; local tables belong to an access key and a region: export what \`npm run oncefold -- up\` prints`,
      { cause: error },
    );
  }
  if (error instanceof CouldNotRunError) {
    return error;
  }
  return new CouldNotRunError(`could not ${request.what}: ${reasonOf(error, request)}`, {
    cause: error,
  });
}

function reasonOf(error: unknown, { endpoint, service = 'DynamoDB' }: Request): string {
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
      return isLocal(endpoint) ? noLocalCredentials : noCredentials;
    }
    if (endpoint !== undefined && isOfNoService(cause)) {
      return `what answers at ${endpoint} is not ${service}`;
    }
    if (/region is missing/i.test(cause.message)) {
      return 'no region; set AWS_DEFAULT_REGION or AWS_REGION, or pass --region';
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
const noLocalCredentials =
  'no credentials for the local engine; export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as `npm run oncefold -- up` prints them';

/** Whether an address is none of AWS: what it asks for is any key, and its tables belong to that key. */
export function isLocal(endpoint: string | undefined): endpoint is string {
  return endpoint !== undefined && !/\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

/** An answer that is not of the service's form, or a refusal without a name. */
function isOfNoService(cause: Error): boolean {
  if (cause instanceof SyntaxError || cause instanceof NoAnswerError) {
    return true;
  }
  const { $metadata } = cause as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return cause.name === 'Unknown' && status !== undefined && status < 500;
}

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
