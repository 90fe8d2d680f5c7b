import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Action, Item, TransactionPort } from '../src/index.ts';

/** Names of the tables that an adapter under test must have, each with its string partition key. */
export const contractTables = {
  aggregates: { name: 'Aggregates', key: 'Identifier' },
  markers: { name: 'Markers', key: 'Marker' },
  positions: { name: 'Positions', key: 'Position' },
} as const;

const timeoutMs = 20_000;

/**
 * What every adapter of the transaction port must do, in memory and on a real engine.
 *
 * Each test works on keys of its own, so that they do not meet.
 */
export function describeTransactionContract(name: string, create: () => Promise<TransactionPort>): void {
  describe(`transaction port: ${name}`, () => {
    let port: TransactionPort;
    beforeAll(async () => {
      port = await create();
    });

    const key = (): string => randomUUID();
    const aggregate = (id: string): { table: string; key: Item } => ({
      table: contractTables.aggregates.name,
      key: { Identifier: { S: id } },
    });
    const increment = (id: string, by: string): Action => ({
      type: 'increment',
      ...aggregate(id),
      attribute: 'Value',
      by,
    });
    const marker = (id: string): Action => ({
      type: 'put-if-absent',
      table: contractTables.markers.name,
      key: { Marker: { S: id } },
      attributes: { ExpiresAt: { N: '4102444800' } },
    });
    const move = (id: string, previous: string | undefined, next: string): Action => ({
      type: 'compare-and-set',
      table: contractTables.positions.name,
      key: { Position: { S: id } },
      attribute: 'SequenceNumber',
      previous,
      next,
    });
    const send = (actions: readonly Action[], token?: string) =>
      port.transact({ actions, timeoutMs, ...(token === undefined ? {} : { token }) });
    const readValue = async (id: string): Promise<string | undefined> => {
      const outcome = await port.read({ ...aggregate(id), timeoutMs });
      if (outcome.code === 'absent') return undefined;
      if (outcome.code !== 'found') throw new Error(`read answered ${outcome.code}`);
      const value = outcome.item['Value'];
      return value !== undefined && 'N' in value ? value.N : undefined;
    };

    it('adds exactly, from nothing and to what stands', async () => {
      const id = key();
      expect((await send([increment(id, '0.1')])).code).toBe('committed');
      expect((await send([increment(id, '0.2')])).code).toBe('committed');
      expect(await readValue(id)).toBe('0.3');
    });

    it('adds numbers of 26 integer and 12 fraction digits without losing one', async () => {
      const id = key();
      await send([increment(id, '99999999999999999999999999.000000000001')]);
      await send([increment(id, '-0.000000000002')]);
      expect(await readValue(id)).toBe('99999999999999999999999998.999999999999');
    });

    it('makes an item with Value 0 when 0 is added to nothing', async () => {
      const id = key();
      await send([increment(id, '0')]);
      expect(await readValue(id)).toBe('0');
    });

    it('reports nothing written as absent', async () => {
      expect(await port.read({ ...aggregate(key()), timeoutMs })).toEqual({ code: 'absent' });
    });

    it('tells write units and no replay for a first commit', async () => {
      // How many is not asserted: DynamoDB Local tells 4 for each table of a transaction, whatever is written to it.
      const outcome = await send([increment(key(), '1'), marker(key())]);
      expect(outcome).toMatchObject({ code: 'committed', replayed: false, units: { read: 0 } });
      expect(outcome.code === 'committed' && outcome.units.write).toBeGreaterThan(0);
    });

    it('writes nothing when one of several conditions fails, and names the ones that failed', async () => {
      const [id, first, second] = [key(), key(), key()];
      await send([marker(first)]);
      const actions = [increment(id, '5'), marker(first), marker(second)];
      const outcome = await send(actions);
      expect(outcome.code).toBe('condition-failed');
      if (outcome.code !== 'condition-failed') return;
      expect(outcome.failures.map((failure) => failure.action)).toEqual([actions[1]]);
      expect(await readValue(id)).toBeUndefined();
      expect((await send([marker(second)])).code).toBe('committed');
    });

    it('names all conditions that failed, not only the first', async () => {
      const [first, second] = [key(), key()];
      await send([marker(first), marker(second)]);
      const outcome = await send([marker(first), increment(key(), '1'), marker(second)]);
      expect(outcome.code === 'condition-failed' && outcome.failures.length).toBe(2);
    });

    it('moves a position from absent and onward, and only from where it stands', async () => {
      const id = key();
      expect((await send([move(id, undefined, '5')])).code).toBe('committed');
      expect((await send([move(id, '5', '9')])).code).toBe('committed');
      const stale = await send([move(id, '5', '7')]);
      expect(stale.code === 'condition-failed' && stale.failures[0]?.standing?.['SequenceNumber']).toEqual({
        S: '9',
      });
      const absent = await send([move(id, undefined, '7')]);
      expect(absent.code === 'condition-failed' && absent.failures[0]?.standing?.['SequenceNumber']).toEqual({
        S: '9',
      });
    });

    it('tells of a position that is not there by a failure without an item', async () => {
      const outcome = await send([move(key(), '5', '7')]);
      expect(outcome.code === 'condition-failed' && outcome.failures[0]?.standing).toBeUndefined();
    });

    it('replays a request whose token was used for the same actions', async () => {
      const [id, token] = [key(), key()];
      await send([increment(id, '1')], token);
      const again = await send([increment(id, '1')], token);
      expect(again.code === 'committed' && again.replayed).toBe(true);
      expect(await readValue(id)).toBe('1');
    });

    it('reports a token that was used for other actions, and writes nothing', async () => {
      const [id, token] = [key(), key()];
      await send([increment(id, '1')], token);
      expect(await send([increment(id, '2')], token)).toEqual({ code: 'token-mismatch' });
      expect(await readValue(id)).toBe('1');
    });

    it('leaves a token free when its first request was cancelled', async () => {
      const [id, taken, token] = [key(), key(), key()];
      await send([marker(taken)]);
      expect((await send([increment(id, '1'), marker(taken)], token)).code).toBe('condition-failed');
      expect((await send([increment(id, '1')], token)).code).toBe('committed');
      expect(await readValue(id)).toBe('1');
    });

    it('writes the same item again with a plain put', async () => {
      const id = key();
      const put: Action = {
        type: 'put',
        ...aggregate(id),
        attributes: { Value: { N: '7' }, Raw: { B: new Uint8Array([0, 255]) } },
      };
      await send([put]);
      expect((await send([put])).code).toBe('committed');
      const outcome = await port.read({ ...aggregate(id), timeoutMs });
      expect(outcome.code === 'found' && outcome.item['Raw']).toEqual({ B: new Uint8Array([0, 255]) });
    });

    it('takes 100 actions and refuses 101', async () => {
      const actions = (count: number): Action[] => Array.from({ length: count }, () => increment(key(), '1'));
      expect((await send(actions(100))).code).toBe('committed');
      await expect(send(actions(101))).rejects.toMatchObject({ code: 'transaction-refused' });
    });

    it('refuses two actions on one item', async () => {
      const id = key();
      await expect(send([increment(id, '1'), increment(id, '2')])).rejects.toMatchObject({
        code: 'transaction-refused',
      });
    });

    it('takes any text as a key, separators and prototype names included', async () => {
      for (const id of ["O'Brien", '__proto__', 'a:b#c', '名', ' ']) {
        const own = `${key()}${id}`;
        await send([increment(own, '1')]);
        expect(await readValue(own)).toBe('1');
      }
    });
  });
}
