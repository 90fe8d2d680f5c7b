/** One invocation as the function gets it. */
export interface Invocation {
  /** A UUID; the function sees it as `awsRequestId`. */
  readonly requestId: string;
  /** The event: JSON text of at most {@link PAYLOAD_BYTES_MAX} bytes. */
  readonly payload: string;
  /** What was invoked, when that is an alias or a version of the function. */
  readonly invokedFunctionArn?: string | undefined;
}

/** An error as a runtime client reports it. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];
}

/** Why an invocation failed, from the point of view of what has to be done next. */
export type InvocationFailureCause =
  /** The handler threw, or rejected; its process lives on. */
  | 'handler'
  /** The deadline passed; the process was killed. */
  | 'timeout'
  /** The process ended while it had the invocation. */
  | 'exit'
  /** No process could be made ready. */
  | 'init'
  /** The event or the answer is larger than Lambda allows. */
  | 'payload'
  /** The function was stopped, or too many invocations were waiting. */
  | 'refused';

export interface InvocationSuccess {
  readonly code: 'succeeded';
  /** The answer as the function sent it: JSON text. */
  readonly payload: string;
  readonly durationMs: number;
}

export interface InvocationFailure extends ReportedError {
  readonly code: 'failed';
  readonly cause: InvocationFailureCause;
  readonly durationMs: number;
}

export type InvocationResult = InvocationSuccess | InvocationFailure;

/** Largest event and largest answer of a synchronous invocation: 6 MiB. */
export const PAYLOAD_BYTES_MAX: number = 6 * 1024 * 1024;

/** Counts the records that an answer reports as failed; a malformed answer reports none here. */
export function countItemFailures(payload: string): number {
  if (!payload.includes('"batchItemFailures"')) {
    return 0;
  }
  try {
    const { batchItemFailures } = JSON.parse(payload);
    return Array.isArray(batchItemFailures) ? batchItemFailures.length : 0;
  } catch {
    return 0;
  }
}
