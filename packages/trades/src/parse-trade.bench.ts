/** What exactness costs: each row is to be read as a ratio to JSON.parse alone, in the same run. */

import { mergeContributions } from '@oncefold/reducer';
import { describe, it } from 'vitest';
import { labHierarchy, spotTrade } from './example-trades.ts';
import { contributionOfTradeChange, parseTrade, tradeToItem } from './index.ts';

const text = JSON.stringify(spotTrade);
const result = parseTrade(text, labHierarchy);
if (result.code === 'invalid') {
  throw new Error('The example trade is refused.');
}
const { trade } = result;
const batch = Array.from({ length: 100 }, () => contributionOfTradeChange(undefined, trade));

describe('reducer', () => {
  it('costs of one message', async ({ bench }) => {
    await bench.compare(
      bench('JSON.parse alone (the reference)', () => JSON.parse(text)),
      bench('parseTrade', () => parseTrade(text, labHierarchy)),
      bench('tradeToItem', () => tradeToItem(trade)),
      bench('contributionOfTradeChange', () => contributionOfTradeChange(undefined, trade)),
    );
  });

  it('costs of one hundred messages', async ({ bench }) => {
    await bench.compare(
      bench('JSON.parse alone (the reference)', () => {
        for (let index = 0; index < batch.length; index += 1) {
          JSON.parse(text);
        }
      }),
      bench('mergeContributions', () => mergeContributions(batch)),
    );
  });
});
