/** A body, or the beginning of one that is too long. */
export interface RequestBody {
  /** Undefined for a body of more bytes than the limit. */
  readonly text: string | undefined;
  /** The text up to the limit. */
  readonly beginning: string;
}

/**
 * Reads a body to its end, and keeps no more of it than the limit.
 *
 * To its end, because a body that is left unread takes the connection with it, and perhaps the answer.
 */
export async function readBody(request: AsyncIterable<Buffer>, bytesMax: number): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (bytes < bytesMax) {
      chunks.push(chunk.subarray(0, bytesMax - bytes));
    }
    bytes += chunk.length;
  }
  const beginning = Buffer.concat(chunks).toString('utf8');
  return { text: bytes <= bytesMax ? beginning : undefined, beginning };
}
