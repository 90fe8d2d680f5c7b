import type { MiddlewareObj, Request } from '@middy/core';
import { assertKnownOptions, type Names, resolveNames } from '@oncefold/commit';
import { requestToken as tokenOf } from '@oncefold/request-token';
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

/** As Middy knows the Lambda context. */
type LambdaContext = Request['context'];

/** What the handler finds in its context. */
export interface RequestTokenContext extends LambdaContext {
  /** ClientRequestToken of the batch, 36 characters; undefined for an event without records. */
  clientRequestToken?: string | undefined;
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
): MiddlewareObj<Event, unknown, Error, RequestTokenContext> {
  assertKnownOptions('requestToken', options, {
    known: ['namespace', 'consumer', 'recordId', 'source'],
    required: [],
  });
  const names = resolveNames('requestToken', options);

  const requestTokenBefore = (request: Request<Event, unknown, Error, RequestTokenContext>): void => {
    const { records, source } = identifyRecords(request.event, options);
    request.context.clientRequestToken =
      records.length === 0
        ? undefined
        : tokenOf({
            ...names,
            source,
            // A record that is in a batch twice names it no further.
            recordIds: [...new Set(records.map((record) => record.id))],
          });
  };

  return { before: requestTokenBefore };
}
