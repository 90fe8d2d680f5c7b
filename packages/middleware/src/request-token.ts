import type { MiddlewareObj, Request } from '@middy/core';
import { requestToken as tokenOf } from '@oncefold/request-token';
import { assertKnownOptions } from './assert-known-options.ts';
import { identifyRecords, type StreamEvent, type StreamRecord } from './record-identity.ts';

/** Options of {@link requestToken}. An unknown one is refused. */
export interface RequestTokenOptions<Record extends StreamRecord> {
  /** Parts stacks that share an account and a Region. */
  readonly namespace: string;
  /** The name under which this function consumes the stream. */
  readonly consumer: string;
  /** Takes a business key from a record; by default its `eventID`. */
  readonly recordId?: (record: Record) => string | undefined;
}

/** What the handler finds in its context. */
export interface RequestTokenContext {
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
 * @returns a Middy middleware; register it first, so that it sees the event as Lambda sent it.
 */
export function requestToken<Record extends StreamRecord>(
  options: RequestTokenOptions<Record>,
): MiddlewareObj<unknown, unknown, Error> {
  assertKnownOptions('requestToken', options, {
    known: ['namespace', 'consumer', 'recordId'],
    required: ['namespace', 'consumer'],
  });

  const requestTokenBefore = (request: Request<unknown>): void => {
    const { records } = identifyRecords(request.event as StreamEvent<Record>, options.recordId);
    (request.context as RequestTokenContext).clientRequestToken =
      records.length === 0
        ? undefined
        : tokenOf({
            namespace: options.namespace,
            consumer: options.consumer,
            // A record that stands twice in one batch names it no further.
            recordIds: [...new Set(records.map((record) => record.id))],
          });
  };

  return { before: requestTokenBefore };
}
