/** One record of the stream of trades. */
export interface TradeRecord {
  /** 0 or 1. */
  readonly shard: number;
  readonly data: string;
}

/** Powers of ten that a value may be: 12 digits after the point and 18 before it. */
const POWERS = Array.from({ length: 30 }, (_, index) => index - 12);
const HIERARCHY = { RiskType: 'PV', TradeDesk: 'FXSpot', Region: 'EMEA' };

/**
 * Messages of which each trade is worth another power of ten, so that a wrong digit of a sum names the trade: 1 in the end, or
 * 2 where its second version was applied.
 */
export const tradeRecords: readonly TradeRecord[] = [
  ...POWERS.map((power, index) => record(index, 0, power)),
  // What ends otherwise than applied: the same again, no trade, another payload of a version that is known.
  record(5, 0, POWERS[5] ?? 0),
  { shard: 0, data: 'no trade' },
  record(4, 0, POWERS[5] ?? 0),
  ...POWERS.flatMap((power, index) => (index % 3 === 0 ? [record(index, 1, power)] : [])),
];

/** What all nodes of the roll-up add up to. */
export const totalOfTrades: string = `${POWERS.map((_, index) => (index % 3 === 0 ? '2' : '1'))
  .reverse()
  .join('')
  .replace(/(?=\d{12}$)/, '.')}`;

/** How many changes of trades are applied. */
export const changesOfTrades: number = POWERS.length + Math.ceil(POWERS.length / 3);

function record(index: number, version: number, power: number): TradeRecord {
  const digit = String(version + 1);
  const value = power < 0 ? `0.${'0'.repeat(-power - 1)}${digit}` : `${digit}${'0'.repeat(power)}`;
  const fields = { TradeID: `trade-${index}`, Version: version, Hierarchy: HIERARCHY, Timestamp: 1763884800 };
  // The value is spliced in as text, because JSON.stringify would put it through a float.
  return { shard: index % 2, data: JSON.stringify(fields).replace(/^\{/, `{"Value":${value},`) };
}
