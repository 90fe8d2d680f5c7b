import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** CloudWatch Logs takes events of at most 256 KiB; a longer line is cut there. */
const LINE_LENGTH_MAX = 262_144;

/**
 * Calls back with each line that a stream of text brings, without its line ending.
 *
 * A carriage return ends a line as well: runtime clients write a stack trace as one event whose lines it separates, and a
 * terminal would show only the last of them. A line without end is handed on in pieces, so that memory stays bounded; the
 * rest at the end of the stream is a line.
 */
export function splitLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    // Whether a last carriage return is half of a line ending is known only when more has come.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      onLine(line);
    }
    while (rest.length > LINE_LENGTH_MAX) {
      onLine(rest.slice(0, LINE_LENGTH_MAX));
      rest = rest.slice(LINE_LENGTH_MAX);
    }
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.once('end', () => {
    take(decoder.end());
    if (rest !== '') {
      onLine(rest.replace(/\r$/, ''));
    }
    rest = '';
  });
}
