import { utf8Length } from '@oncefold/reducer';
import type { EventText } from './source-record.ts';

/** What an event within a tumbling window carries beside its records. */
export interface WindowFields {
  readonly startMs: number;
  readonly endMs: number;
  /** The state as JSON text. */
  readonly state: string;
  readonly shardId: string;
  readonly eventSourceArn: string;
  readonly isFinal: boolean;
  readonly isTerminatedEarly: boolean;
}

/** An event as text, with its size. */
export interface EventPayload {
  readonly json: string;
  readonly bytes: number;
}

/** Bytes of an event around its records, commas between them not counted. */
export function envelopeBytes(window: WindowFields | undefined): number {
  return '{"Records":['.length + utf8Length(closing(window));
}

/**
 * Writes an event from the texts of its records.
 *
 * @param records - in order; may be empty for the last event of a window
 * @returns the text and its UTF-8 bytes
 */
export function buildPayload(records: readonly EventText[], window: WindowFields | undefined): EventPayload {
  let bytes = envelopeBytes(window) + Math.max(0, records.length - 1);
  const texts: string[] = [];
  for (const record of records) {
    texts.push(record.json);
    bytes += record.bytes;
  }
  return { json: `{"Records":[${texts.join(',')}${closing(window)}`, bytes };
}

/** ISO 8601 with whole seconds, as windows and DynamoDB batch times are written. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function closing(window: WindowFields | undefined): string {
  if (window === undefined) {
    return ']}';
  }
  return (
    `],"window":{"start":"${isoSeconds(window.startMs)}","end":"${isoSeconds(window.endMs)}"},` +
    `"state":${window.state},"shardId":"${window.shardId}","eventSourceARN":"${window.eventSourceArn}",` +
    `"isFinalInvokeForWindow":${window.isFinal},"isWindowTerminatedEarly":${window.isTerminatedEarly}}`
  );
}
