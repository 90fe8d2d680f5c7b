// Goal: no record is passed by and none is read from the wrong place, whatever happens to an iterator.
// Method: scripted answers for what engines do only after minutes; the real engines are in test/streams.
import type { ReadPosition } from '@oncefold/event-source-mapping';
import { describe, expect, it } from 'vitest';
import { type ScriptedAnswer, scriptShard } from '../../test/streams/scripted-shard.ts';
import { createShardReader, type ShardApi } from './shard-reader.ts';

const TRIM_HORIZON: ReadPosition = { kind: 'trim-horizon' };
const LATEST: ReadPosition = { kind: 'latest' };
const after = (sequenceNumber: string): ReadPosition => ({ kind: 'after-sequence-number', sequenceNumber });

/** Reads from each position in turn; returns what was asked for and what came of it. */
async function play(
  answers: readonly (ScriptedAnswer | string)[],
  positions: readonly ReadPosition[],
  options?: Partial<ShardApi>,
): Promise<{ asked: string[]; codes: string[] }> {
  const { api, asked } = scriptShard(answers, options);
  const read = createShardReader(api);
  const codes: string[] = [];
  for (const position of positions) {
    codes.push((await read('shard', position, 10)).code);
  }
  return { asked, codes };
}

describe('createShardReader', () => {
  it('goes on with the iterator that came with the records', async () => {
    const { asked } = await play([{ sequence: ['1', '2'] }, { sequence: ['3'] }], [TRIM_HORIZON, after('2')]);
    expect(asked).toEqual(['take:trim-horizon', 'get:taken-1', 'get:next-1']);
  });

  it('keeps its iterator after an answer without records', async () => {
    const { asked } = await play([{}, {}, { sequence: ['1'] }], [TRIM_HORIZON, TRIM_HORIZON, TRIM_HORIZON]);
    expect(asked).toEqual(['take:trim-horizon', 'get:taken-1', 'get:taken-1', 'get:taken-1']);
  });

  it.each<[string, ScriptedAnswer, Partial<ShardApi>]>([
    ['there is more further on', { millisBehindLatest: 5 }, {}],
    ['the shard takes no more records', {}, { isClosed: () => true }],
  ])('moves on after an answer without records when %s', async (_, answer, options) => {
    const { asked } = await play([answer, {}], [TRIM_HORIZON, TRIM_HORIZON], options);
    expect(asked).toEqual(['take:trim-horizon', 'get:taken-1', 'get:next-1']);
  });

  it('reads on in the same read while all that was seen was left out', async () => {
    const { asked, codes } = await play([{ seen: 3 }, { seen: 3 }, { sequence: ['7'] }], [TRIM_HORIZON]);
    expect(asked).toEqual(['take:trim-horizon', 'get:taken-1', 'get:next-1', 'get:next-2']);
    expect(codes).toEqual(['records']);
  });

  it('takes a new iterator for another position', async () => {
    const { asked } = await play([{ sequence: ['1', '2'] }, {}], [TRIM_HORIZON, after('1')]);
    expect(asked).toEqual([
      'take:trim-horizon',
      'get:taken-1',
      'take:after-sequence-number:1',
      'get:taken-2',
    ]);
  });

  it.each(['ExpiredIteratorException', 'TrimmedDataAccessException'])(
    'takes an iterator anew for the same position after %s',
    async (name) => {
      const answers = [{ sequence: ['1'] }, name, { sequence: ['2'] }];
      const { asked, codes } = await play(answers, [TRIM_HORIZON, after('1')]);
      expect(asked.slice(2)).toEqual(['get:next-1', 'take:after-sequence-number:1', 'get:taken-2']);
      expect(codes).toEqual(['records', 'records']);
    },
  );

  it('begins at LATEST after the last record that is there, and finds that place again', async () => {
    const answers = [{ sequence: ['1', '2'] }, { sequence: ['3'] }, {}, {}, 'ExpiredIteratorException', {}];
    const { asked } = await play(answers, [LATEST, LATEST]);
    expect(asked).toEqual([
      ...['take:trim-horizon', 'get:taken-1', 'get:next-1', 'get:next-2'],
      ...['take:after-sequence-number:3', 'get:taken-2', 'get:taken-2'],
      ...['take:after-sequence-number:3', 'get:taken-3'],
    ]);
  });

  it.each(['TrimmedDataAccessException', 'ExpiredIteratorException'])(
    'reads an empty shard from its beginning when the iterator of LATEST went bad (%s)',
    async (name) => {
      const { asked, codes } = await play([{}, {}, name, { sequence: ['1'] }], [LATEST, LATEST]);
      expect(asked).toEqual([
        ...['take:trim-horizon', 'get:taken-1'],
        ...['take:trim-horizon', 'get:taken-2', 'get:taken-2'],
        ...['take:trim-horizon', 'get:taken-3'],
      ]);
      expect(codes).toEqual(['records', 'records']);
    },
  );

  it('finds LATEST once even when the first read there fails', async () => {
    const { asked, codes } = await play(
      [{ sequence: ['1'] }, {}, 'ProvisionedThroughputExceededException', {}],
      [LATEST, LATEST],
    );
    expect(asked).toEqual([
      ...['take:trim-horizon', 'get:taken-1', 'get:next-1'],
      ...['take:after-sequence-number:1', 'get:taken-2', 'get:taken-2'],
    ]);
    expect(codes).toEqual(['unavailable', 'records']);
  });

  it('goes on at the oldest record that is left when the place of LATEST is gone', async () => {
    const trimmed = 'TrimmedDataAccessException';
    const answers = [{ sequence: ['1'] }, {}, {}, trimmed, trimmed];
    expect((await play(answers, [LATEST, LATEST])).codes).toEqual(['records', 'trimmed']);
  });

  it.each<[string, readonly ScriptedAnswer[], readonly string[]]>([
    ['before the first record that arrived then', [{ sequence: ['4', '5', '6'] }], ['4']],
    ['on a later page', [{ sequence: ['1', '2'] }, { sequence: ['5'] }], ['2']],
    ['at the beginning when all arrived then or later', [{ sequence: ['5', '6'] }], []],
    ['after the last record when all arrived earlier', [{ sequence: ['1', '2'] }, {}], ['2']],
    ['after the last record of a closed shard', [{ sequence: ['1'], nextIterator: undefined }], ['1']],
    ['at the beginning of an empty shard', [{}], []],
    [
      'after a page without records that says there is more',
      [{ millisBehindLatest: 9 }, { sequence: ['4', '5'] }],
      ['4'],
    ],
  ])('begins a time %s', async (_, pages, [before]) => {
    const { asked } = await play([...pages, {}], [{ kind: 'at-timestamp', timestampSeconds: 5 }]);
    expect(asked[0]).toBe('take:trim-horizon');
    const place = before === undefined ? 'trim-horizon' : `after-sequence-number:${before}`;
    expect(asked.slice(pages.length + 1)).toEqual([`take:${place}`, 'get:taken-2']);
  });

  it('distinguishes a position that is gone from a transient failure', async () => {
    const trimmed = 'TrimmedDataAccessException';
    expect((await play([trimmed, trimmed], [after('1')])).codes).toEqual(['trimmed']);
    expect((await play([trimmed, trimmed], [TRIM_HORIZON])).codes).toEqual(['unavailable']);
    expect((await play(['ThrottlingException'], [after('1')])).codes).toEqual(['unavailable']);
    await expect(play(['ResourceNotFoundException'], [after('1')])).rejects.toThrow('scripted');
  });

  it('reports the end of a closed shard', async () => {
    const { api } = scriptShard([{ sequence: ['1'], nextIterator: undefined }]);
    const answer = await createShardReader(api)('shard', TRIM_HORIZON, 10);
    expect(answer).toMatchObject({ code: 'records', isEndOfShard: true });
  });
});
