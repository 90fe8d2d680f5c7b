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

/** What became of one invocation. */
export type InvocationResult =
  | {
      readonly code: 'succeeded';
      /** The answer as the function sent it: JSON text. */
      readonly payload: string;
      readonly durationMs: number;
    }
  | {
      readonly code: 'failed';
      readonly cause: InvocationFailureCause;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: readonly string[];
      readonly durationMs: number;
    };

/** One invocation as the function gets it. */
export interface Invocation {
  /** A UUID; the function sees it as `awsRequestId`. */
  readonly requestId: string;
  /** The event: JSON text of at most {@link PAYLOAD_BYTES_MAX} bytes. */
  readonly payload: string;
}

/** Largest event and largest answer of a synchronous invocation: 6 MiB. */
export const PAYLOAD_BYTES_MAX: number = 6 * 1024 * 1024;
