// Goal: what functions write is told line by line, whatever ends their lines and however the text is cut.
// Method: streams of chunks, cut at every place.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { splitLines } from './split-lines.ts';

async function linesOf(chunks: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  splitLines(stream, (line) => lines.push(line));
  await new Promise((resolve) => stream.once('close', resolve));
  return lines;
}

describe('splitLines', () => {
  it('ends lines at line feeds, carriage returns and both together, wherever the text is cut', async () => {
    const text = 'one\r\ntwo\rthree\n\nfour';
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(await linesOf([text.slice(0, cut), text.slice(cut)])).toEqual([
        'one',
        'two',
        'three',
        '',
        'four',
      ]);
    }
  });

  it('has no empty line after the last line ending', async () => {
    expect(await linesOf(['one\n'])).toEqual(['one']);
    expect(await linesOf(['one\r\n'])).toEqual(['one']);
    expect(await linesOf(['one\r'])).toEqual(['one']);
  });

  it('hands on a line that does not end in pieces', async () => {
    const lines = await linesOf(['x'.repeat(300_000)]);
    expect(lines.map((line) => line.length)).toEqual([262_144, 37_856]);
  });
});
