import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { createPipeline, kinesisRecords, type Pipeline, type Release } from './pipeline.ts';

/** An item as the AWS CLI prints it, with its table. */
export interface StoredItem {
  readonly table: string;
  readonly item: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Far enough in the future that every expiry is counted from the record and not from the clock of the run. */
const RECORD_SECONDS = 4_102_444_800;
const TABLES = [
  'StateTable',
  'ReduceTable',
  'AggregateTable',
  'LedgerTable',
  'PositionTable',
  'QuarantineTable',
  'AccountingTable',
  'RecountTable',
];

/** What `oncefold rebuild` writes when it begins; the functions then count for the recount, too. */
const recountControl = {
  Number: { N: '1763884800' },
  Owner: { S: 'd0c2f5e6-6f0e-4a53-8f43-3f1f0d1f7f0a' },
  State: { S: 'running' },
};

const messages = [
  {
    shard: 0,
    data: '{"TradeID":"trade-1","Version":0,"Value":61502.37,"Hierarchy":{"RiskType":"PV","Region":"EMEA","TradeDesk":"FXSpot"},"Timestamp":1763884800.123456}',
  },
  { shard: 0, data: 'no trade' },
];

/**
 * Lets the functions of a release take one trade and one message that is none, through all stages.
 *
 * @returns everything that is in the tables then, in an order of its own; the same in each run
 */
export async function storedItems(options: {
  readonly endpoint: string;
  readonly release: Release;
  readonly parameters: Readonly<Record<string, string>>;
  readonly isRecounted?: boolean;
}): Promise<readonly StoredItem[]> {
  const { endpoint, release, parameters, isRecounted = false } = options;
  const pipeline = await createPipeline({ endpoint, parameters });
  try {
    for (const [name, value] of isRecounted ? Object.entries(recountControl) : []) {
      await pipeline.setAttribute('RecountTable', { Identifier: { S: ':control' } }, { [name]: value });
    }
    const trades = kinesisRecords(messages).map(({ event }) => event);
    await pipeline.process('state', release, trades);
    for (const stage of ['map', 'reduce'] as const) {
      await pipeline.process(stage, release, (await pipeline.changes(stage)).map(withFixedPlace));
    }
    return await readTables(pipeline);
  } finally {
    await pipeline.stop();
  }
}

/** Gives a record of an engine an id, a position and a time that are the same in each run. */
function withFixedPlace(record: object, index: number): object {
  const { dynamodb, ...rest } = record as { readonly dynamodb: object };
  return {
    ...rest,
    eventID: `event-${index + 1}`,
    dynamodb: {
      ...dynamodb,
      SequenceNumber: String(100 + index),
      ApproximateCreationDateTime: RECORD_SECONDS,
    },
  };
}

async function readTables(pipeline: Pipeline): Promise<readonly StoredItem[]> {
  const found: StoredItem[] = [];
  for (const table of TABLES) {
    for (const item of await pipeline.scan(table)) {
      found.push({ table, item: plainItem(item) });
    }
  }
  return found.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Writes binary values in base64, and attributes in the order of their names. */
export function plainItem(item: Readonly<Record<string, AttributeValue>>): StoredItem['item'] {
  return Object.fromEntries(
    Object.entries(item)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => {
        const plain = value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') };
        return [name, plain as unknown as Readonly<Record<string, string>>];
      }),
  );
}
