import { parseSum } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import { accessStore, putItems, type StoreAccess } from '../../test/support/store-access.ts';
import { measure } from './measure.ts';

const tables = {
  state: 'StateTable',
  reduce: 'ReduceTable',
  aggregate: 'AggregateTable',
  ledger: 'LedgerTable',
  recount: 'RecountTable',
};

function put(
  access: StoreAccess,
  table: 'AggregateTable' | 'RecountTable',
  sums: Readonly<Record<string, string>>,
) {
  const items = Object.entries(sums).map(([key, value]) => ({ Identifier: { S: key }, Value: { N: value } }));
  putItems(access, table, items);
}

describe('measure', () => {
  it('tells what each node should be, also one whose row is gone and one that nothing adds up to any more', async () => {
    const access = accessStore();
    put(access, 'AggregateTable', { message_count: '9', PV: '3', 'PV:FX': '3', 'PV:Old': '1' });
    put(access, 'RecountTable', {
      ':7:PV': '3',
      ':7:PV:FX': '2',
      ':7:PV:New': '1',
      ':7::outside': '5',
      ':6:PV': '8',
    });
    const { nodes, foreign } = await measure(access, tables, { number: 7 });
    expect(nodes).toEqual([
      node('PV', '3', '3'),
      node('PV:FX', '2', '3'),
      node('PV:New', '1', '0'),
      node('PV:Old', '0', '1'),
    ]);
    expect(foreign).toEqual([]);
  });

  it('leaves rows alone that are in no tree of nodes', async () => {
    const access = accessStore();
    put(access, 'AggregateTable', {
      Total: '7',
      Tree: '1',
      'Tree:Leaf': '1',
      'a:b': '2',
      PV: '0',
      Nothing: '0',
    });
    putItems(access, 'AggregateTable', [{ Identifier: { S: 'Text' }, Note: { S: 'not a sum' } }]);
    const { nodes, foreign } = await measure(access, tables, { number: 7 });
    expect([...foreign].sort()).toEqual(['Text', 'Total', 'a:b']);
    expect(nodes.map(({ key }) => key)).toEqual(['Nothing', 'PV', 'Tree', 'Tree:Leaf']);
  });

  it('asks for what lies at a path and below it only', async () => {
    const access = accessStore();
    put(access, 'AggregateTable', { PV: '5', 'PV:FX': '5', 'PV:FX:EMEA': '4', 'PV:FXO': '1' });
    put(access, 'RecountTable', { ':7:PV:FX': '4', ':7:PV:FX:EMEA': '4' });
    const { nodes } = await measure(access, tables, { number: 7, path: 'PV:FX' });
    expect(nodes).toEqual([node('PV:FX', '4', '5'), node('PV:FX:EMEA', '4', '4')]);
  });

  it('compares a leaf at a path though no trade is in it any more: its parent is a row outside of the path', async () => {
    const access = accessStore();
    put(access, 'AggregateTable', { PV: '3', 'PV:Solo': '0', 'PV:Solo:EMEA': '5', 'a:b': '1' });
    expect(await measure(access, tables, { number: 7, path: 'PV:Solo:EMEA' })).toEqual({
      nodes: [node('PV:Solo:EMEA', '0', '5')],
      foreign: [],
    });
    expect(await measure(access, tables, { number: 7, path: 'a:b' })).toEqual({
      nodes: [],
      foreign: ['a:b'],
    });
  });

  it("expects nothing at a node whose key leaves no room for a recount's: a trade in it is a counter", async () => {
    const access = accessStore();
    const long = `PV:${'x'.repeat(2_045)}`;
    put(access, 'AggregateTable', { PV: '2', [long]: '3' });
    put(access, 'RecountTable', { ':7:PV': '2' });
    const { nodes } = await measure(access, tables, { number: 7 });
    expect(nodes).toEqual([node('PV', '2', '2'), node(long, '0', '3')]);
  });

  it('reads more pairs than a transaction holds, and again what is cut off', async () => {
    const access = accessStore({ faults: [undefined, undefined, 'cut-off', 'reply-lost'] });
    const names = Array.from({ length: 120 }, (_, index) => `PV:${String(index).padStart(3, '0')}`);
    put(access, 'AggregateTable', { PV: '120', ...Object.fromEntries(names.map((name) => [name, '1'])) });
    put(access, 'RecountTable', {
      ':7:PV': '120',
      ...Object.fromEntries(names.map((name) => [`:7:${name}`, '1'])),
    });
    const { nodes } = await measure(access, tables, { number: 7 });
    expect(nodes).toHaveLength(121);
    expect(nodes.every(({ difference }) => difference === 0n)).toBe(true);
  });
});

function node(key: string, expected: string, actual: string) {
  const [should, is] = [parseSum(expected), parseSum(actual)];
  return { key, expected: should, actual: is, difference: is - should };
}
