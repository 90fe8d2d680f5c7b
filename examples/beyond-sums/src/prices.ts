import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { incrementEach, ledger, type TransactionPort } from '@oncefold/commit';
import { type CommitResponse, commitOnce, type LambdaContext } from '@oncefold/middleware';
import { parseDecimal, parseJsonExact } from '@oncefold/reducer';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { setWhere } from './set-where.ts';

/** Sales come in over Kinesis. The volume of a symbol is a sum; its highest, lowest and latest price are not. */
export function createPrices({
  dynamodb,
  transactions,
}: {
  readonly dynamodb: DynamoDBClient;
  readonly transactions: TransactionPort;
}): (event: KinesisStreamEvent, context: LambdaContext) => Promise<CommitResponse<KinesisStreamEvent>> {
  const strategy = ledger({
    namespace: 'exchange',
    consumer: 'prices',
    table: 'Ledger',
    retentionSeconds: 8 * 86_400,
    now: Date.now,
  });
  const effect = incrementEach({ table: 'Prices', key: 'Symbol', attribute: 'Volume' });
  return commitOnce({ transactions, strategy, effect }, async ({ Records }: KinesisStreamEvent) => {
    const sales = Records.map(readSale);
    // Before the commit: a batch that is not committed is delivered again, and this changes nothing the second time.
    for (const { symbol, price, at } of sales) {
      const item = { table: 'Prices', key: { Symbol: { S: symbol } } };
      await setWhere(dynamodb, {
        ...item,
        compared: 'Highest',
        is: 'lower',
        values: { Highest: { N: price } },
      });
      await setWhere(dynamodb, {
        ...item,
        compared: 'Lowest',
        is: 'higher',
        values: { Lowest: { N: price } },
      });
      await setWhere(dynamodb, {
        ...item,
        compared: 'LatestAt',
        is: 'lower',
        values: { LatestAt: { S: at }, Latest: { N: price } },
      });
    }
    return sales.map(({ symbol, volume }) => ({ contribution: new Map([[symbol, parseDecimal(volume)]]) }));
  });
}

interface Sale {
  readonly symbol: string;
  /** Exact decimal text. */
  readonly price: string;
  readonly volume: string;
  /** Orders all sales of a symbol: the sale's own time, in one form, and what distinguishes two of one moment. */
  readonly at: string;
}

function readSale({ kinesis }: KinesisStreamRecord): Sale {
  const sale = parseJsonExact(Buffer.from(kinesis.data, 'base64').toString());
  const time = new Date(sale.get('time').text()).toISOString();
  return {
    symbol: sale.get('symbol').text(),
    price: sale.get('price').numberText(),
    volume: sale.get('volume').numberText(),
    at: `${time}#${kinesis.sequenceNumber.padStart(129, '0')}`,
  };
}
