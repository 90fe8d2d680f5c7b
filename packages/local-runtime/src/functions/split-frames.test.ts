// Goal: each message of a runtime client is told whole, however the bytes are cut.
// Method: streams of frames, cut at every place.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { splitFrames } from './split-frames.ts';

function frame(message: string): Buffer {
  const text = Buffer.from(message);
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0xa55a0003, 0);
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, text]);
}

async function linesOf(chunks: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  const stream = Readable.from(chunks);
  splitFrames(stream, (line) => lines.push(line));
  await new Promise((resolve) => stream.once('close', resolve));
  return lines;
}

describe('splitFrames', () => {
  it('tells messages with and without line endings, wherever the bytes are cut', async () => {
    const bytes = Buffer.concat([frame('one ☃'), frame('two\n'), frame('three\r\n  at line\n'), frame('')]);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual([
        'one ☃',
        'two',
        'three',
        '  at line',
        '',
      ]);
    }
  });

  it('cuts a message that is too long, and tells the next', async () => {
    const bytes = Buffer.concat([frame('x'.repeat(300_000)), frame('next')]);
    for (const size of [1_000, 65_536, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const [long, next] = await linesOf(chunks);
      expect(long).toHaveLength(262_144);
      expect(next).toBe('next');
    }
  });

  it('tells what is no frame, and what of a frame came before the end', async () => {
    expect(await linesOf([Buffer.from('no frame at all, but text')])).toEqual(['no frame at all, but text']);
    expect(await linesOf([Buffer.from('short')])).toEqual(['short']);
    expect(await linesOf([frame('cut off').subarray(0, 20)])).toEqual(['cut ']);
  });
});
