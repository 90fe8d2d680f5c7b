import { deskOf, spoil, spoilSegment } from './invalid-messages.ts';
import { formatFields, type TradeFields } from './trade-fields.ts';
import type { TradeClaim, WorkloadDimension } from './workload.ts';

const UNITS_PER_ONE = 10n ** 12n;

interface OddTrade {
  readonly claim: TradeClaim;
  readonly data: Uint8Array;
}

/** One way to be unusual and yet valid. */
interface OddKind {
  /** Instead of the desk's usual name. */
  readonly desk?: string;
  /** Instead of the value; how it is spelled, and what it is worth in units of 10^-12. */
  readonly value?: readonly [json: string, units: bigint];
  /** Spells the message differently without saying anything else. */
  readonly spell?: (fields: TradeFields) => string;
}

const oddKinds: readonly OddKind[] = [
  { desk: "Trader's desk" },
  { desk: '__proto__' },
  { desk: 'constructor' },
  { desk: 'a "quoted" \\ desk' },
  { desk: '{"S", "desk"}' },
  { desk: '東京 😀' },
  { desk: 'e\u0301' },
  { desk: '007' },
  { desk: ' ' },
  { desk: 'd'.repeat(255) },
  { value: ['"61502.37"', 6_150_237n * 10n ** 10n] },
  { value: ['-0.01', -(10n ** 10n)] },
  { value: ['-0', 0n] },
  { value: ['1.5E+2', 150n * UNITS_PER_ONE] },
  { value: ['1.500000000000000', 15n * 10n ** 11n] },
  { value: ['0.1', 10n ** 11n] },
  { value: ['0.000000000001', 1n] },
  { value: ['999999999999999999.999999999999', 10n ** 30n - 1n] },
  { value: ['"-999999999999999999.999999999999"', 1n - 10n ** 30n] },
  { spell: (fields) => spoil(fields, 'Version', '0.0') },
  { spell: (fields) => spoil(fields, 'Timestamp', '"1763884800"') },
  { spell: (fields) => spoilSegment(fields, 'Book', '"a:b message_count"') },
  { spell: (fields) => spoilSegment(fields, '__proto__', '""') },
  { spell: (fields) => formatFields([['__proto__', '{"Value": 1}'], ...fields, ['note', '[{"Value": 2}]']]) },
  { spell: (fields) => `\t\r\n ${formatFields([...fields].reverse())} \n` },
];

/** Makes a trade that is unusual and yet valid; the kinds take turns. */
export function makeOddTrade(
  turn: number,
  usual: TradeClaim,
  dimensions: readonly WorkloadDimension[],
  fieldsOf: (claim: TradeClaim) => TradeFields,
): OddTrade {
  const kind = oddKinds[turn % oddKinds.length] ?? {};
  const desk = deskOf(dimensions);
  const path = usual.path.map((segment, level) =>
    dimensions[level]?.name === desk ? (kind.desk ?? segment) : segment,
  );
  const claim = { ...usual, path, units: kind.value?.[1] ?? usual.units };
  const fields = new Map(fieldsOf(usual));
  // A desk is spelled as it is; only a value may have a spelling of its own.
  if (kind.value !== undefined) {
    fields.set('Value', kind.value[0]);
  }
  fields.set('Hierarchy', fieldsOf(claim).get('Hierarchy') ?? '{}');
  return { claim, data: Buffer.from(kind.spell?.(fields) ?? formatFields(fields)) };
}
