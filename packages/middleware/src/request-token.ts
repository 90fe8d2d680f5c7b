import { assertKnownOptions, type Names, resolveNames } from '@oncefold/commit';
import { requestToken as tokenOf } from '@oncefold/request-token';
import type { LambdaContext } from './commit-once.ts';
import {
  type IdentityOptions,
  identifyRecords,
  type SourceEvent,
  type SourceRecord,
} from './record-identity.ts';

/** Options of {@link requestToken}. An unknown one is refused. */
export interface RequestTokenOptions<Record extends SourceRecord = SourceRecord>
  extends IdentityOptions<Record>,
    Names {}

/** The context of Lambda in full: Middy 6 takes middleware of no less. */
interface FullLambdaContext extends LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  logGroupName: string;
  logStreamName: string;
  done(error?: Error, result?: unknown): void;
  fail(error: Error | string): void;
  succeed(message: unknown): void;
}

/** What the handler finds in its context. */
export interface RequestTokenContext extends FullLambdaContext {
  /** ClientRequestToken of the batch, 36 characters; undefined for an event without records. */
  clientRequestToken?: string | undefined;
}

/** A middleware as Middy takes it, by what it reads and writes of a request: Middy itself is not needed. */
export interface RequestTokenMiddleware<Event extends SourceEvent = SourceEvent> {
  readonly before: (request: { readonly event: Event; readonly context: RequestTokenContext }) => void;
}

/**
 * Names the batch and hands the name to the handler as `context.clientRequestToken`, for teams that send a transaction of
 * their own.
 *
 * The name holds for the same records within 10 minutes of the first completion and for nothing else; see
 * {@link commitOnce} for guards without that hole.
 *
 * @param options - the names default to the name of the Lambda function; an unknown option is refused
 * @returns a Middy middleware; register it first, so that it sees the event as Lambda sent it
 * @throws {@link StrategyError} when an option is unknown, or a name is missing, empty or too long
 */
export function requestToken<Event extends SourceEvent = SourceEvent>(
  options: RequestTokenOptions<Event['Records'][number]> = {},
): RequestTokenMiddleware<Event> {
  assertKnownOptions('requestToken', options, {
    known: ['namespace', 'consumer', 'recordId', 'source'],
    required: [],
  });
  const names = resolveNames('requestToken', options);

  return {
    before: ({ event, context }) => {
      const { records, source } = identifyRecords(event, options);
      context.clientRequestToken =
        records.length === 0
          ? undefined
          : tokenOf({
              ...names,
              source,
              // A record that is in a batch twice names it no further.
              recordIds: [...new Set(records.map((record) => record.id))],
            });
    },
  };
}
