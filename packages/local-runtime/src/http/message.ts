import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** More than DynamoDB takes in a request. */
const BODY_BYTES_MAX = 16 * 1_024 * 1_024;
/** Headers that belong to one connection or to the bytes of the body. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

/** Replaces the headers that belong to a connection by those of a body of so many bytes. */
export function withLength(
  headers: IncomingHttpHeaders,
  bytes: number,
): Record<string, string | string[] | number> {
  const kept: Record<string, string | string[] | number> = { 'content-length': bytes };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OWN_HEADERS.has(name)) {
      kept[name] = value;
    }
  }
  return kept;
}

/** A body has more bytes than any message of DynamoDB. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';

  constructor() {
    super(`a message has more than ${BODY_BYTES_MAX} bytes`);
  }
}

/** @throws {@link BodyTooLargeError} when the body has more than 16 MiB */
export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) {
      throw new BodyTooLargeError();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
