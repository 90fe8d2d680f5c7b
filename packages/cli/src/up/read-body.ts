import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request to its end, and keeps no more than the limit.
 *
 * To its end, because a body that is left unread takes the connection with it, and perhaps the answer.
 *
 * @returns nothing when it is too long
 */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes <= bytesMax) {
      chunks.push(chunk);
    }
  }
  return bytes <= bytesMax ? Buffer.concat(chunks).toString('utf8') : undefined;
}
