import { formatDecimal } from '@oncefold/reducer';
import { describe, expect, it } from 'vitest';
import type { InvalidTradeReason, TradeResult } from './check-trade.ts';
import { labHierarchy, spotTrade } from './example-trades.ts';
import { parseTrade } from './parse-trade.ts';
import type { Trade } from './trade.ts';

/** The example message with one field replaced by any JSON text. */
function withField(field: string, json: string): string {
  const fields = { ...spotTrade, [field]: undefined };
  return JSON.stringify(fields).replace('{', `{${JSON.stringify(field)}:${json},`);
}

function withDesk(json: string): string {
  return withField('Hierarchy', `{"RiskType":"PV","Region":"EMEA","TradeDesk":${json}}`);
}

function parse(text: string): TradeResult {
  return parseTrade(text, labHierarchy);
}

function valid(text: string): Trade {
  const result = parse(text);
  if (result.code === 'invalid') {
    throw new Error(`${result.reason} ${result.field}`);
  }
  return result.trade;
}

describe('parseTrade', () => {
  it('reads a message of the lab', () => {
    const trade = valid(JSON.stringify(spotTrade));
    expect({
      ...trade,
      value: formatDecimal(trade.value),
      hierarchy: Object.fromEntries(trade.hierarchy),
    }).toEqual({
      tradeId: spotTrade.TradeID,
      version: 0,
      dimensions: ['RiskType', 'TradeDesk', 'Region'],
      value: '61502.37',
      hierarchy: spotTrade.Hierarchy,
      nodes: ['PV', 'PV:FXSpot', 'PV:FXSpot:EMEA'],
      timestamp: '1763884800.123456',
    });
  });

  it('reads a message by no levels, which is then in no node', () => {
    expect(parseTrade(JSON.stringify(spotTrade), { ...labHierarchy, dimensions: [] })).toMatchObject({
      code: 'valid',
      trade: { nodes: [] },
    });
  });

  it.each([
    ['61502.37', '61502.37'],
    ['"61502.37"', '61502.37'],
    ['0.1', '0.1'],
    ['100000000000000001', '100000000000000001'],
    ['999999999999999999.999999999999', '999999999999999999.999999999999'],
    ['-1.50e1', '-15'],
    ['-0.0', '0'],
    ['1.500000000000000', '1.5'],
  ])('takes the value %s digit by digit', (json, value) => {
    expect(formatDecimal(valid(withField('Value', json)).value)).toBe(value);
  });

  it.each([
    ['1.0', 1],
    ['1e2', 100],
    ['-0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('takes the version %s', (json, version) => {
    expect(valid(withField('Version', json)).version).toBe(version);
  });

  it.each([
    ['1763884800', '1763884800'],
    ['"1763884800.50"', '1763884800.5'],
    ['1.7638848e9', '1763884800'],
  ])('brings the timestamp %s into its canonical form', (json, timestamp) => {
    expect(valid(withField('Timestamp', json)).timestamp).toBe(timestamp);
  });

  it.each(["Trader's desk", '__proto__', 'constructor', 'toString', '東京 😀', '"', '\\', '007', ' '])(
    'takes %j as an ordinary desk',
    (desk) => {
      expect(valid(withDesk(JSON.stringify(desk))).hierarchy.get('TradeDesk')).toBe(desk);
    },
  );

  it('ignores fields that the contract does not name, __proto__ among them', () => {
    const trade = valid(withField('__proto__', '{"TradeID":"other","Value":1}'));
    expect(trade.tradeId).toBe(spotTrade.TradeID);
    expect(valid(withField('Note', '[{"Value":7},"}{"]')).value).toBe(trade.value);
  });

  it('does not take a field from a prototype', () => {
    expect(parse('{"__proto__":{"TradeID":"other"}}')).toEqual({
      code: 'invalid',
      reason: 'missing-field',
      field: 'TradeID',
    });
  });

  it('keeps dimensions that are not rolled up, whatever their names', () => {
    const extra =
      '{"RiskType":"PV","Region":"EMEA","TradeDesk":"FXSpot","Book":"a:b","__proto__":"","1":"message_count"}';
    expect([...valid(withField('Hierarchy', extra)).hierarchy].slice(3)).toEqual([
      ['Book', 'a:b'],
      ['__proto__', ''],
      ['1', 'message_count'],
    ]);
  });

  const refusals: [what: string, text: string, reason: InvalidTradeReason, field?: string][] = [
    ['no text', '', 'broken-json'],
    ['half a message', JSON.stringify(spotTrade).slice(0, 50), 'broken-json'],
    ['NaN as Python writes it', withField('Value', 'NaN'), 'broken-json'],
    ['a byte order mark', `\ufeff${JSON.stringify(spotTrade)}`, 'broken-json'],
    ['a list', `[${JSON.stringify(spotTrade)}]`, 'not-an-object'],
    ['null', 'null', 'not-an-object'],
    ['a field given twice', withField('Value', '1,"Value":2'), 'duplicate-name'],
    ['a field given twice in two spellings', withField('Value', '1,"\\u0056alue":2'), 'duplicate-name'],
    ['an ignored field given twice', withField('x', '1,"x":1'), 'duplicate-name'],
    ['no TradeID', withField('TradeID', '""').replace('TradeID', 'ID'), 'missing-field', 'TradeID'],
    ['a number as TradeID', withField('TradeID', '7'), 'wrong-type', 'TradeID'],
    ['an empty TradeID', withField('TradeID', '""'), 'empty-text', 'TradeID'],
    ['a TradeID of 1,025 bytes', withField('TradeID', `"x${'é'.repeat(512)}"`), 'too-long', 'TradeID'],
    [
      'an id that is kept for recounts',
      withField('TradeID', '":recount:1763884800:1"'),
      'reserved-name',
      'TradeID',
    ],
    ['a lone surrogate', withField('TradeID', '"\\ud83d"'), 'malformed-unicode', 'TradeID'],
    ['a version in quotes', withField('Version', '"1"'), 'wrong-type', 'Version'],
    ['a negative version', withField('Version', '-1'), 'out-of-range', 'Version'],
    ['a version with a fraction', withField('Version', '1.5'), 'not-an-integer', 'Version'],
    [
      'a version with a fraction that floats lose',
      withField('Version', '1.000000000001'),
      'not-an-integer',
      'Version',
    ],
    [
      'a version beyond the safe integers',
      withField('Version', '9007199254740992'),
      'out-of-range',
      'Version',
    ],
    ['a value of 1e400', withField('Value', '1e400'), 'out-of-range', 'Value'],
    ['a value of 40 digits', withField('Value', '1234567890'.repeat(4)), 'out-of-range', 'Value'],
    ['a value of 19 digits', withField('Value', '1000000000000000000'), 'out-of-range', 'Value'],
    ['13 decimals', withField('Value', '0.0000000000001'), 'out-of-range', 'Value'],
    ['1 MB of digits', withField('Value', '7'.repeat(1_000_000)), 'too-long', 'Value'],
    ['text as value', withField('Value', '"NaN"'), 'not-a-number', 'Value'],
    ['white space around a value', withField('Value', '" 1"'), 'not-a-number', 'Value'],
    ['a hexadecimal value', withField('Value', '"0x10"'), 'not-a-number', 'Value'],
    ['null as value', withField('Value', 'null'), 'wrong-type', 'Value'],
    ['a boolean as value', withField('Value', 'false'), 'wrong-type', 'Value'],
    ['a list as value', withField('Value', '[1]'), 'wrong-type', 'Value'],
    ['a list as hierarchy', withField('Hierarchy', '["PV"]'), 'wrong-type', 'Hierarchy'],
    ['text as hierarchy', withField('Hierarchy', '"{}"'), 'wrong-type', 'Hierarchy'],
    ['no dimensions', withField('Hierarchy', '{}'), 'missing-field', 'Hierarchy.RiskType'],
    ['a dimension given twice', withDesk('"A","TradeDesk":"B"'), 'duplicate-name', 'Hierarchy'],
    ['a number as desk', withDesk('7'), 'wrong-type', 'Hierarchy.TradeDesk'],
    ['null as desk', withDesk('null'), 'wrong-type', 'Hierarchy.TradeDesk'],
    ['an object as desk', withDesk('{"S":"FXSpot"}'), 'wrong-type', 'Hierarchy.TradeDesk'],
    ['an empty desk', withDesk('""'), 'empty-text', 'Hierarchy.TradeDesk'],
    ['a desk of 256 bytes', withDesk(`"${'é'.repeat(128)}"`), 'too-long', 'Hierarchy.TradeDesk'],
    ['1 MB of text', withDesk(`"${'d'.repeat(1_000_000)}"`), 'too-long', 'Hierarchy.TradeDesk'],
    ['a separator', withDesk('"FXSpot:EMEA"'), 'forbidden-separator', 'Hierarchy.TradeDesk'],
    ['an escaped separator', withDesk('"FXSpot\\u003aEMEA"'), 'forbidden-separator', 'Hierarchy.TradeDesk'],
    ['a reserved name', withDesk('"message_count"'), 'reserved-name', 'Hierarchy.TradeDesk'],
    ['a control character', withDesk('"FX\\u0000"'), 'control-character', 'Hierarchy.TradeDesk'],
    ['a lone surrogate in a desk', withDesk('"\\udc00"'), 'malformed-unicode', 'Hierarchy.TradeDesk'],
    ['an extra dimension of another type', withDesk('"A","Book":1'), 'wrong-type', 'Hierarchy'],
    ['an extra dimension without end', withDesk(`"A","Book":"${'b'.repeat(256)}"`), 'too-long', 'Hierarchy'],
    ['an extra dimension that is malformed', withDesk('"A","\\ud800":"b"'), 'malformed-unicode', 'Hierarchy'],
    ['62 extra dimensions', withDesk(`"A"${manyDimensions(62)}`), 'too-many-dimensions', 'Hierarchy'],
    ['no timestamp', withField('Timestamp', '1').replace('Timestamp', 'Time'), 'missing-field', 'Timestamp'],
    ['a date as timestamp', withField('Timestamp', '"2025-11-23"'), 'not-a-number', 'Timestamp'],
  ];
  it.each(refusals)('refuses %s', (_what, text, reason, field) => {
    expect(parse(text)).toEqual(
      field === undefined ? { code: 'invalid', reason } : { code: 'invalid', reason, field },
    );
  });

  it('survives nesting of any depth', () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    expect(valid(withField('Note', deep)).tradeId).toBe(spotTrade.TradeID);
    expect(parse(withField('Value', deep))).toEqual({
      code: 'invalid',
      reason: 'wrong-type',
      field: 'Value',
    });
  });
});

function manyDimensions(count: number): string {
  return Array.from({ length: count }, (_, index) => `,"d${index}":""`).join('');
}
