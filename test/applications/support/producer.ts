import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { ClientConfig } from '@oncefold/cli/testing';

/** What writes to an application from outside, and reads what it has made of that. */
export interface Producer {
  /** Sends texts to a stream, each as a record; returns when everything has gone through. */
  send(stream: string, ...texts: readonly string[]): Promise<void>;
  /** Writes an item with nothing but its key; returns when everything has gone through. */
  write(table: string, key: Readonly<Record<string, string>>): Promise<void>;
  /** All items of a table in the order of their text, each attribute without its type. */
  items(table: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** @param waitUntilIdle - waits until what was written has gone through all functions */
export function createProducer(
  clients: { readonly dynamodb: ClientConfig; readonly kinesis: ClientConfig },
  waitUntilIdle: () => Promise<void>,
): Producer {
  const database = new DynamoDBClient(clients.dynamodb);
  const kinesis = new KinesisClient(clients.kinesis);
  return {
    async send(StreamName, ...texts) {
      const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text.slice(0, 256) }));
      await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
      await waitUntilIdle();
    },
    async write(TableName, key) {
      const Item = Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }]));
      await database.send(new PutItemCommand({ TableName, Item }));
      await waitUntilIdle();
    },
    async items(TableName) {
      const { Items = [] } = await database.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.map(plain).sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
    },
  };
}

function plain(item: Readonly<Record<string, object>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(item).sort();
  return Object.fromEntries(names.map((name) => [name, Object.values(item[name] ?? {})[0]]));
}
