/** A page tries to connect again so long after it was cut off, in milliseconds. */
const RETRY_MS = 2_000;

/** What a stream of events begins with. */
export const streamPreamble: string = `retry: ${RETRY_MS}\n\n`;

/** A line that says nothing: what cannot be written any more is noticed by it. */
export const heartbeat = ': still here\n\n';

/**
 * Writes an event as https://html.spec.whatwg.org/multipage/server-sent-events.html has it.
 *
 * @param name - of one line
 * @param data - anything that JSON takes; its text has no line breaks, whatever is in it
 */
export function serverSentEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
