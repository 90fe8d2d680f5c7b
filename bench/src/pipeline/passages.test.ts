import { describe, expect, it } from 'vitest';
import { legsOf, type ObservedCall, passagesOf } from './passages.ts';

function call(
  functionId: string,
  [startedAtMs, endedAtMs]: readonly [number, number],
  records: readonly object[],
): ObservedCall {
  return {
    functionId,
    shardId: '0',
    records: records.length,
    startedAtMs,
    endedAtMs,
    payload: JSON.stringify({ Records: records }),
  };
}

const message = (id: string) => ({
  kinesis: { data: Buffer.from(JSON.stringify({ TradeID: id })).toString('base64') },
});
const change = (id: string) => ({ dynamodb: { Keys: { id: { S: id } }, NewImage: {} } });
const row = (count: number) => ({
  dynamodb: { Keys: {}, NewImage: { Message: { S: JSON.stringify({ message_count: String(count) }) } } },
});

const puts = new Map([
  ['a', 0],
  ['b', 10],
  ['c', 20],
]);

describe('passagesOf', () => {
  it('follows each message through the row that counts its change', () => {
    const passages = passagesOf(puts, [
      call('ReduceFunction', [500, 510], [row(1)]),
      call('StateFunction', [50, 60], [message('a'), message('b'), message('c')]),
      call('MapFunction', [100, 110], [change('b'), change('a')]),
      call('MapFunction', [200, 210], [change('c')]),
      call('ReduceFunction', [300, 310], [row(2)]),
    ]);
    expect(passages.map(({ putAtMs, map, reduce }) => [putAtMs, map.startedAtMs, reduce.endedAtMs])).toEqual([
      [0, 100, 310],
      [10, 100, 310],
      [20, 200, 510],
    ]);
    const [first] = passages;
    expect(first && legsOf(first)).toEqual({
      'wait for state': 50,
      state: 10,
      'wait for map': 40,
      map: 10,
      'wait for reduce': 190,
      reduce: 10,
    });
  });

  it('refuses rows that count other changes than map had', () => {
    const calls = [
      call('StateFunction', [50, 60], [message('a')]),
      call('MapFunction', [100, 110], [change('a')]),
      call('ReduceFunction', [300, 310], [row(2)]),
    ];
    expect(() => passagesOf(new Map([['a', 0]]), calls)).toThrow('rows of sums count 2 changes of 1');
  });

  it('refuses a message that nobody has seen', () => {
    expect(() => passagesOf(puts, [])).toThrow('without a trace');
  });
});
