import { formatContribution, isLongerThan, parseSum } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import {
  type ExampleMessage,
  labHierarchy,
  movedSpotTrade,
  repricedSpotTrade,
  spotTrade,
} from './example-trades.ts';
import { createTradeHierarchy } from './hierarchy.ts';
import { parseTrade } from './parse-trade.ts';
import {
  addRepair,
  contributionAfterRepairs,
  contributionToRecount,
  formatRepairs,
  isRecountKey,
  isWithin,
  nodeOfRecountKey,
  parseRepairs,
  type Recount,
  type RecountedItem,
  type RecountMark,
  type Repair,
  recountCounterKey,
  recountKey,
  recountMarkOf,
  recountOfKey,
} from './recount.ts';

const recount: Recount = { number: 7 };

function item(message: ExampleMessage, mark?: RecountMark): RecountedItem {
  const result = parseTrade(JSON.stringify(message), labHierarchy);
  if (result.code === 'invalid') {
    throw new Error(result.reason);
  }
  return { exists: true, trade: result.trade, mark };
}

const absent: RecountedItem = { exists: false };
const member: RecountMark = { number: 7 };

function added(
  before: RecountedItem,
  after: RecountedItem,
  { of = recount, keepsExpired = false } = {},
): Record<string, string> {
  return JSON.parse(formatContribution(contributionToRecount(of, { before, after }, keepsExpired)));
}

describe('contributionToRecount', () => {
  it('adds what a trade is worth when a mark makes it a member, and counts the mark', () => {
    expect(added(item(spotTrade), item(spotTrade, { number: 7, wave: 1 }))).toEqual({
      ':7:PV': '61502.37',
      ':7:PV:FXSpot': '61502.37',
      ':7:PV:FXSpot:EMEA': '61502.37',
      ':7::wave 1': '1',
    });
  });

  it('adds a trade that the state function writes as a member, and counts no mark', () => {
    expect(added(absent, item(spotTrade, member))).toMatchObject({ ':7:PV': '61502.37' });
    expect(added(absent, item(spotTrade, member))).not.toHaveProperty(':7::wave 1');
  });

  it('adds to a member what a change adds to the aggregates, and no message', () => {
    expect(added(item(spotTrade, member), item(repricedSpotTrade, member))).toEqual({
      ':7:PV': '-502.35',
      ':7:PV:FXSpot': '-502.35',
      ':7:PV:FXSpot:EMEA': '-502.35',
    });
    expect(added(item(spotTrade, member), absent)).toMatchObject({ ':7:PV:FXSpot': '-61502.37' });
  });

  it('counts changes of trades that are not in it, which add nothing', () => {
    expect(added(absent, item(spotTrade))).toEqual({ ':7::outside': '1' });
    expect(added(item(spotTrade, { number: 6 }), item(repricedSpotTrade, { number: 6 }))).toEqual({
      ':7::outside': '1',
    });
    expect(added(item(spotTrade), absent)).toEqual({ ':7::outside': '1' });
  });

  it('retracts a member that another program replaces, and counts it as outside', () => {
    expect(added(item(spotTrade, member), item(spotTrade))).toEqual({
      ':7:PV': '-61502.37',
      ':7:PV:FXSpot': '-61502.37',
      ':7:PV:FXSpot:EMEA': '-61502.37',
      ':7::outside': '1',
    });
  });

  it('counts a mark of each wave once, also of an item that is no trade', () => {
    const first = item(spotTrade, { number: 7, wave: 1 });
    const second = item(spotTrade, { number: 7, wave: 2 });
    expect(added(first, second)).toEqual({ ':7::wave 2': '1' });
    expect(added(item(spotTrade, member), first)).toEqual({ ':7::wave 1': '1' });
    expect(added(second, item(repricedSpotTrade, { number: 7, wave: 2 }))).not.toHaveProperty(':7::wave 2');
    const noTrade = { exists: true };
    expect(added(noTrade, { ...noTrade, mark: { number: 7, wave: 2 } })).toEqual({ ':7::wave 2': '1' });
  });

  it('is about one path and what lies below it, where it has one', () => {
    const of = { number: 7, path: 'PV:FXSpot' };
    expect(added(item(spotTrade), item(spotTrade, { number: 7, wave: 1 }), { of })).toEqual({
      ':7:PV:FXSpot': '61502.37',
      ':7:PV:FXSpot:EMEA': '61502.37',
      ':7::wave 1': '1',
    });
    expect(added(absent, item(movedSpotTrade), { of })).toEqual({});
    expect(added(item(movedSpotTrade), item({ ...spotTrade, Version: 2 }), { of })).toEqual({
      ':7::outside': '1',
    });
    // Its row may be applied before that of its coming.
    expect(added(item(spotTrade), item(movedSpotTrade), { of })).toEqual({ ':7::outside': '1' });
  });

  it('counts a node that a recount has no room for, and adds the others', () => {
    const names = ['RiskType', 'TradeDesk', 'Region', 'a', 'b', 'c', 'd', 'e'];
    const long = {
      ...spotTrade,
      Hierarchy: Object.fromEntries(names.map((name) => [name, name.charAt(0).repeat(255)])),
    };
    const result = parseTrade(JSON.stringify(long), createTradeHierarchy(names));
    const trade = result.code === 'valid' ? result.trade : undefined;
    const before = { exists: true, trade };
    const keys = Object.keys(added(before, { ...before, mark: { number: 7, wave: 1 } }));
    expect(keys).toHaveLength(9);
    expect(keys).toEqual(expect.arrayContaining([':7::wave 1', ':7::too long', `:7:${'R'.repeat(255)}`]));
    expect(keys.every((key) => !isLongerThan(key, 2_048))).toBe(true);
    const of = { number: 7, path: 'PV' };
    expect(added(before, { ...before, mark: { number: 7, wave: 1 } }, { of })).toEqual({ ':7::wave 1': '1' });
  });

  it('tells where expired trades stay in the totals', () => {
    expect(
      added(item(spotTrade), item(spotTrade, { number: 7, wave: 1 }), { keepsExpired: true }),
    ).toMatchObject({ ':7::keeping expired trades': '1' });
  });
});

describe('addRepair', () => {
  const times = { from: 1, to: 2 };
  const whole = { number: 1, ...times };
  const path = (number: number, at: string) => ({ number, path: at, ...times });

  it('forgets what a repair makes superfluous, and nothing else', () => {
    const paths = [path(2, 'PV:FXSpot'), path(3, 'PV:FXOptions'), path(4, 'PV:FXSpot:EMEA')];
    const all = paths.reduce<readonly Repair[]>(addRepair, [whole]);
    expect(all).toEqual([whole, ...paths]);
    expect(addRepair(all, path(5, 'PV:FXSpot'))).toEqual([
      whole,
      path(3, 'PV:FXOptions'),
      path(5, 'PV:FXSpot'),
    ]);
    expect(addRepair(all, { number: 6, ...times })).toEqual([{ number: 6, ...times }]);
  });

  it('keeps those before a repair that was written in part, until it is whole', () => {
    const partial = { number: 2, ...times, isPartial: true };
    const both = addRepair([whole], partial);
    expect(both).toEqual([whole, partial]);
    expect(addRepair(both, { number: 2, ...times })).toEqual([{ number: 2, ...times }]);
    expect(parseRepairs(formatRepairs(both))).toEqual(both);
  });
});

describe("a repair that took a row for another program's", () => {
  const around = { from: 10_000, to: 10_010 };
  const except: Repair = { number: 8, ...around, except: ['Gone', 'heartbeat'] };

  it('makes up for everything but that row, so that a redrive is added to it', () => {
    const removed = { before: item(spotTrade), after: absent, writtenAt: 5_000 };
    const sums = (...keys: string[]) => new Map(keys.map((key) => [key, parseSum('-5')]));
    const lacking = contributionAfterRepairs(
      [except],
      removed,
      sums('Gone', 'PV', 'PV:Gone', 'message_count'),
    );
    expect(lacking).toEqual(sums('Gone', 'message_count'));
    const partial = { ...except, isPartial: true };
    expect(contributionAfterRepairs([partial], removed, sums('Gone'))).toEqual(sums('Gone'));
  });

  it('decides for all other rows, where an earlier one does not tell', () => {
    const sums = (...keys: string[]) => new Map(keys.map((key) => [key, parseSum('-5')]));
    const during = { before: item(spotTrade), after: absent, writtenAt: 10_005 };
    const earlier: Repair = { number: 7, ...around };
    const later: Repair = { ...except, number: 9, from: 20_000, to: 20_010 };
    const lacking = (...keys: string[]) => contributionAfterRepairs([earlier, later], during, sums(...keys));
    expect(lacking('PV', 'message_count')).toEqual(sums('message_count'));
    expect(lacking('PV', 'Gone')).toBe('undecided');
  });

  it('leaves an earlier one that has repaired the row in force, and only that', () => {
    const earlier: Repair = { number: 7, ...around };
    const all = addRepair([earlier], except);
    expect(all).toEqual([earlier, except]);
    const later = { ...except, number: 9 };
    expect(addRepair(all, later)).toEqual([earlier, later]);
    expect(addRepair(all, { number: 9, ...around })).toEqual([{ number: 9, ...around }]);
    expect(parseRepairs(formatRepairs(all))).toEqual(all);
    expect(parseRepairs('[{"number":1,"from":1,"to":2,"except":"Gone"}]')).toBeUndefined();
  });
});

describe('keys of a recount', () => {
  it('are told from nodes, and read back', () => {
    expect(isRecountKey(recountKey(7, 'PV'))).toBe(true);
    expect(isRecountKey('PV:FXSpot')).toBe(false);
    expect(nodeOfRecountKey(7, recountKey(7, 'PV:FXSpot'))).toBe('PV:FXSpot');
    expect(nodeOfRecountKey(7, recountKey(77, 'PV'))).toBeUndefined();
    expect(nodeOfRecountKey(7, recountCounterKey(7, 'outside'))).toBeUndefined();
    expect([recountKey(7, 'PV'), recountCounterKey(7, 'wave 1'), ':control', 'PV'].map(recountOfKey)).toEqual(
      [7, 7, undefined, undefined],
    );
  });

  it('lie within a path at its borders only', () => {
    expect(
      ['PV', 'PV:FXSpot', 'PV:FXSpot:EMEA', 'PV:FXSpots'].map((node) => isWithin('PV:FXSpot', node)),
    ).toEqual([false, true, true, false]);
  });
});

describe('recountMarkOf', () => {
  it('reads whole numbers only', () => {
    expect(recountMarkOf({ Recount: { N: '7' }, RecountWave: { N: '2' } })).toEqual({ number: 7, wave: 2 });
    expect(recountMarkOf({ Recount: { N: '7' } })).toEqual({ number: 7, wave: undefined });
    for (const N of ['0', '-1', '1.5', 'x']) {
      expect(recountMarkOf({ Recount: { N } })).toBeUndefined();
    }
    expect(recountMarkOf({})).toBeUndefined();
  });
});
