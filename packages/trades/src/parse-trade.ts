import {
  decodeString,
  type Hierarchy,
  type JsonKind,
  type JsonMembers,
  readJsonMembers,
} from '@oncefold/reducer';
import {
  checkTrade,
  type TradeField,
  TradeRefusal,
  type TradeResult,
  type TradeTexts,
} from './check-trade.ts';

/**
 * Reads and checks a trade message.
 *
 * Numbers are taken from the text digit by digit, never through a binary float. Fields that the contract does not
 * name are ignored; dimensions that the hierarchy does not name are kept with the trade and not rolled up.
 *
 * @param text - one JSON object with `TradeID`, `Version`, `Value`, `Hierarchy` and `Timestamp`
 * @returns the trade, or the first reason for refusal
 */
export function parseTrade(text: string, hierarchy: Hierarchy): TradeResult {
  return checkTrade(hierarchy, readJsonMembers(text), readTexts);
}

function readTexts(json: JsonMembers): TradeTexts {
  if (json.code === 'invalid') {
    throw new TradeRefusal(json.reason);
  }
  const textOf = (field: TradeField, ...kinds: JsonKind[]): string => {
    const token = json.members.get(field);
    if (token === undefined) {
      throw new TradeRefusal('missing-field', field);
    }
    if (!kinds.includes(token.kind)) {
      throw new TradeRefusal('wrong-type', field);
    }
    return token.kind === 'string' ? decodeString(token) : token.source;
  };
  return {
    id: textOf('TradeID', 'string'),
    Version: textOf('Version', 'number'),
    Value: textOf('Value', 'number', 'string'),
    Hierarchy: textOf('Hierarchy', 'object'),
    Timestamp: textOf('Timestamp', 'number', 'string'),
  };
}
