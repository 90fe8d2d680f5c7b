import { createTradeHierarchy } from '@oncefold/trades';
import { describe, expect, it } from 'vitest';
import { accessStore, putItems } from '../../test/support/store-access.ts';
import { markTrades } from './mark-trades.ts';
import { defaultLimits } from './recount-options.ts';

const byThree = createTradeHierarchy(['RiskType', 'TradeDesk', 'Region']);

const trade = (id: string, hierarchy: object, dimensions?: readonly string[]) => ({
  id: { S: id },
  Version: { N: '1' },
  Value: { N: '1' },
  Hierarchy: { S: JSON.stringify(hierarchy) },
  Timestamp: { N: '1763884800' },
  ...(dimensions !== undefined && { Dimensions: { S: JSON.stringify(dimensions) } }),
});

const whole = { RiskType: 'PV', TradeDesk: 'FX', Region: 'EMEA' };
const items = [
  trade('recorded', whole, ['RiskType']),
  trade('recorded-elsewhere', { ...whole, RiskType: 'Delta' }, ['RiskType']),
  trade('unrecorded', whole),
  trade('unrecorded-elsewhere', { ...whole, RiskType: 'Delta' }),
  trade('unrecorded-by-others', { RiskType: 'Other' }),
  trade('recorded-wrong', { RiskType: 'Other' }, ['RiskType', 'TradeDesk']),
  { ...trade('no-trade', whole), Value: { S: 'much' } },
  trade('no-segments', { RiskType: '', TradeDesk: 'a:b' }),
  { id: { S: ':recount:6:0' }, Recount: { N: '6' } },
];

async function mark({ path, moveTo }: { readonly path?: string; readonly moveTo?: readonly string[] } = {}) {
  const access = accessStore();
  putItems(access, 'StateTable', items);
  const trades = {
    table: 'StateTable',
    unrecordedHierarchy: byThree,
    hierarchy: moveTo && createTradeHierarchy(moveTo),
  };
  const options = { recount: { number: 7, path }, limits: defaultLimits, onPage: () => {} };
  const survey = await markTrades(access, trades, { ...options, wave: undefined });
  expect(access.changes).toHaveLength(items.length);
  const pass = await markTrades(access, trades, { ...options, wave: 1 });
  expect(pass).toMatchObject({ ...survey, marked: survey.toMark, moved: survey.toMove });
  expect(await markTrades(access, trades, { ...options, wave: 2 })).toMatchObject({ toMark: 0, marked: 0 });
  const marked = access.store
    .snapshot('StateTable')
    .filter((item) => item['Recount']?.N === '7')
    .map((item) => [item['id']?.S, item['Dimensions']?.S].join(' ').trim());
  return { pass, marked: marked.sort() };
}

describe('markTrades', () => {
  it('marks trades, and what would be one by other dimensions than it is told to read items by that record none', async () => {
    const { pass, marked } = await mark();
    expect(pass).toMatchObject({ items: 8, trades: 4, unrecognized: 1, noTrades: 3, toMark: 5 });
    expect(marked).toEqual([
      'recorded ["RiskType"]',
      'recorded-elsewhere ["RiskType"]',
      'unrecorded',
      'unrecorded-by-others',
      'unrecorded-elsewhere',
    ]);
  });

  it('leaves out what is recorded outside of the path only: where others are, the map function knows', async () => {
    const { pass, marked } = await mark({ path: 'PV' });
    expect(pass).toMatchObject({ trades: 2, unrecognized: 1, noTrades: 3, toMark: 4 });
    expect(marked).toEqual([
      'recorded ["RiskType"]',
      'unrecorded',
      'unrecorded-by-others',
      'unrecorded-elsewhere',
    ]);
  });

  it('moves every trade that it recognizes to dimensions that are recorded with it then', async () => {
    const { pass, marked } = await mark({ moveTo: byThree.dimensions });
    expect(pass).toMatchObject({ trades: 4, unrecognized: 1, toMove: 4, toMark: 5 });
    const moved = JSON.stringify(byThree.dimensions);
    expect(marked).toEqual([
      `recorded ${moved}`,
      `recorded-elsewhere ${moved}`,
      `unrecorded ${moved}`,
      'unrecorded-by-others',
      `unrecorded-elsewhere ${moved}`,
    ]);
  });
});
