import { createHash } from 'node:crypto';
import { deaggregate, type KinesisEvent, readAggregate } from '@oncefold/kinesis-aggregation';
import {
  ContributionError,
  checkDecimal,
  DecimalError,
  ExactJsonError,
  formatContribution,
  formatDecimal,
  parseContribution,
  parseJsonExact,
  parseSum,
} from '@oncefold/reducer';
import { contributionOfTradeChange, createTradeHierarchy, parseTrade } from '@oncefold/trades';
import type fc from 'fast-check';
import { hostileBytes } from './hostile-bytes.ts';

/** What reads bytes that anybody may have written. */
export interface Target {
  readonly bytes: fc.Arbitrary<Uint8Array>;
  /**
   * Reads the bytes, and compares what it finds with another way to find it.
   *
   * @returns whether the bytes were accepted
   * @throws when the parser fails in a way that it does not promise, or finds something else
   */
  readonly accepts: (bytes: Uint8Array) => boolean;
}

const utf8 = (texts: readonly string[]): Uint8Array[] => texts.map((text) => Buffer.from(text));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

function assert(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(what);
  }
}

/** Runs a parser that may throw errors of one kind and no other. */
function tryTo<Result>(run: () => Result, expected: new (...values: never[]) => Error): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof expected) {
      return undefined;
    }
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\\ud800',
  '\\u0000',
  '"__proto__":',
  '1e999',
  '-0',
  '0',
  '9',
  '.',
  'e',
  '-',
  'null',
  ' ',
  '\ufeff',
  '\u2028',
  '😀',
  '"a":1,',
];

const TRADE =
  '{"TradeID": "t", "Version": 0, "Value": 61502.37, "Hierarchy": {"RiskType": "PV", "Region": "EMEA", "TradeDesk": "FXSpot"}, "Timestamp": 1763884800.123456}';
const hierarchy = createTradeHierarchy(['RiskType', 'TradeDesk', 'Region']);

/** The magic number of an aggregate, and the checksum that its body needs. */
function seal(body: Uint8Array): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2),
    body,
    createHash('md5').update(body).digest(),
  ]);
}

/** Two keys; a record `a` of the first with an explicit hash key, a record `b` of the second. */
const AGGREGATE = Buffer.from('0a016b0a016c1201301a07080010001a01611a0508011a0162', 'hex');

export const targets: Readonly<Record<string, Target>> = {
  parseJsonExact: {
    bytes: hostileBytes(
      utf8(['{"a":[1.10,{"b":"c\\n"}],"d":true}', '[[[[]]]]', '"\\ud83d"', '1E-7', TRADE]),
      utf8(JSON_WORDS),
    ),
    accepts: (bytes) => {
      const text = textOf(bytes);
      const value = tryTo(() => parseJsonExact(text), ExactJsonError);
      assert((value !== undefined) === isJson(text), 'it disagrees with JSON.parse about what is JSON');
      if (value?.kind === 'object') {
        const members = tryTo(() => value.members(), ExactJsonError);
        const names = Object.keys(JSON.parse(text));
        assert(members === undefined || members.size === names.length, 'it has other names than JSON.parse');
      }
      return value !== undefined;
    },
  },
  parseTrade: {
    bytes: hostileBytes(
      utf8([TRADE, TRADE.replace('61502.37', '"1e-12"')]),
      utf8([...JSON_WORDS, ':recount:', 'message_count', '"Region":']),
    ),
    accepts: (bytes) => {
      const result = parseTrade(textOf(bytes), hierarchy);
      if (result.code === 'valid') {
        const nodes = [...contributionOfTradeChange(undefined, result.trade).keys()];
        assert(nodes.length === 4, 'a trade adds to its three nodes and to the count');
        assert(
          nodes.every((node) => Buffer.byteLength(node) <= 2_048 && node.isWellFormed()),
          'a node is no key',
        );
        assert(Buffer.byteLength(result.trade.tradeId) <= 1_024, 'an id is too long for a key');
      }
      return result.code === 'valid';
    },
  },
  parseContribution: {
    bytes: hostileBytes(
      utf8(['{"PV":"12.5","PV:FX":1e3,"__proto__":"-0.000000000001"}', '{}']),
      utf8(JSON_WORDS),
    ),
    accepts: (bytes) => {
      const sums = tryTo(() => parseContribution(textOf(bytes)), ContributionError);
      if (sums !== undefined) {
        const again = [...parseContribution(formatContribution(sums))];
        assert(
          again.length === sums.size && again.every(([key, sum]) => sums.get(key) === sum),
          'it comes back changed',
        );
      }
      return sums !== undefined;
    },
  },
  decimal: {
    bytes: hostileBytes(
      utf8(['0', '-12.5', '1e3', '123456789012345678.123456789012', '1E-12']),
      utf8(['0', '9', '00', '.', 'e', 'E', '+', '-', '-0', ' ', '١', '_', 'n', '0x', 'Infinity', '999']),
    ),
    accepts: (bytes) => {
      const text = textOf(bytes);
      const value = checkDecimal(text);
      if (typeof value !== 'string') {
        assert(
          Math.abs(Number(formatDecimal(value)) - Number(text)) <= 1e-15 * Math.abs(Number(text)),
          'it is another number',
        );
        assert(parseSum(formatDecimal(value)) === value, 'it comes back changed');
      } else {
        assert(
          value !== 'not-a-number' ||
            !isJson(text) ||
            typeof JSON.parse(text) !== 'number' ||
            text.trim() !== text,
          'JSON has this number',
        );
      }
      tryTo(() => parseSum(text), DecimalError);
      return typeof value !== 'string';
    },
  },
  readAggregate: {
    bytes: hostileBytes(
      [AGGREGATE, AGGREGATE.subarray(0, 17)],
      [
        Uint8Array.of(0x80),
        Uint8Array.of(0xff),
        AGGREGATE.subarray(9, 18),
        Uint8Array.of(0x0a, 1, 107),
        Uint8Array.of(0x1a, 0),
        Uint8Array.of(0x22, 0),
      ],
    ),
    accepts: (body) => {
      const bytes = seal(body);
      const result = readAggregate(bytes);
      const data = Buffer.from(bytes).toString('base64');
      const kinesis = { partitionKey: 'p', sequenceNumber: '1', data };
      const event = { Records: [{ eventID: 'shardId-000000000000:1', kinesis }] } as unknown as KinesisEvent;
      const { Records } = deaggregate(event);
      if (result.code !== 'aggregated') {
        assert(
          Records.length === 1 && Records[0]?.kinesis.data === data,
          'a broken aggregate does not stay whole',
        );
        return false;
      }
      assert(new Set(Records.map(({ eventID }) => eventID)).size === result.records.length, 'ids repeat');
      assert(
        result.records.reduce((sum, record) => sum + record.data.length, 0) <= body.length,
        'bytes from nowhere',
      );
      return true;
    },
  },
};
