import { CouldNotRunError } from './could-not-run-error.ts';

/** What the person at the terminal has to know about the request that failed. */
interface Request {
  /** What was being done, to complete "could not …". */
  readonly what: string;
  /** The address that was asked, or nothing for AWS itself. */
  readonly endpoint?: string | undefined;
}

/**
 * Turns the failure of a request to AWS, or to a local engine, into one clear line.
 *
 * @param error - What the SDK threw.
 * @param request - What was being done, and where.
 * @returns An error to throw, with the SDK's as its cause; an error that is clear already is returned as it is.
 */
export function describeFailure(error: unknown, request: Request): CouldNotRunError {
  if (error instanceof CouldNotRunError) return error;
  return new CouldNotRunError(`could not ${request.what}: ${reasonOf(error, request.endpoint)}`, {
    cause: error,
  });
}

function reasonOf(error: unknown, endpoint: string | undefined): string {
  const where = endpoint ?? 'AWS';
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return `nothing answers at ${where} (connection refused)`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host of ${where} is not known`;
  if (error.name === 'TimeoutError') return `${where} did not answer in time`;
  if (error.name === 'CredentialsProviderError') {
    return 'no AWS credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass --access-key-id and --secret-access-key';
  }
  if (/region is missing/i.test(error.message)) return 'no region; set AWS_REGION or pass --region';
  // Node's aggregate of several refused addresses has an empty message.
  return error.message === '' || error.message === 'UnknownError' ? error.name : error.message;
}
