import type { Readable } from 'node:stream';

/** Type, length and time of a message. */
const HEADER_BYTES = 16;
/** What a frame's type begins with; the rest says the level. */
const MAGIC = 0xa55a;
/** CloudWatch Logs takes events of at most 256 KiB; a longer message is cut there. */
const MESSAGE_BYTES_MAX = 262_144;

/**
 * Calls back with each message that a runtime client writes in Lambda's frames, line by line.
 *
 * With frames a message is an event of its own whether it ends with a line ending or not; without them, the messages of
 * `LambdaLogger` would run into each other.
 */
export function splitFrames(stream: Readable, onLine: (line: string) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of a message that is too long. */
  let skipped = 0;
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk.subarray(skipped)]);
    skipped -= Math.min(skipped, chunk.length);
    while (rest.length >= HEADER_BYTES) {
      if (rest.readUInt16BE(0) !== MAGIC) {
        // Something else was written to the descriptor: there is no next frame to be found.
        tell(rest, onLine);
        rest = Buffer.alloc(0);
        return;
      }
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      const cutEnd = Math.min(end, HEADER_BYTES + MESSAGE_BYTES_MAX);
      if (rest.length < cutEnd) {
        return;
      }
      tell(rest.subarray(HEADER_BYTES, cutEnd), onLine);
      skipped = Math.max(0, end - rest.length);
      rest = rest.subarray(Math.min(end, rest.length));
    }
  });
  stream.once('end', () => {
    if (rest.length > 0) {
      tell(
        rest.length > HEADER_BYTES && rest.readUInt16BE(0) === MAGIC ? rest.subarray(HEADER_BYTES) : rest,
        onLine,
      );
    }
  });
}

function tell(message: Buffer, onLine: (line: string) => void): void {
  const lines = message.toString('utf8').split(/\r\n|\n|\r/);
  if (lines.length > 1 && lines.at(-1) === '') {
    lines.pop();
  }
  for (const line of lines) {
    onLine(line);
  }
}
