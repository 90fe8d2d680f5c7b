import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { formatDecimal, parseSum } from '@oncefold/reducer';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The line that `oncefold up --json` prints when it can be reached. */
export interface Ready {
  readonly ready: true;
  readonly dynamodb: string;
  readonly kinesis: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** A program that knows nothing of Oncefold but what the line says and what the data contract has. */
export interface Producer {
  /** Sends payloads, and again what was refused. */
  send(payloads: readonly (string | Uint8Array)[]): Promise<void>;
  scan(table: string): Promise<readonly Item[]>;
  /** Sums by aggregate key, in plain decimals: DynamoDB Local writes 0.50 where AWS writes 0.5. */
  sums(): Promise<ReadonlyMap<string, string>>;
  /** Waits until so many records are accounted for and the sums hold still as described. */
  until(accept: (sums: ReadonlyMap<string, string>) => boolean, accounted: number): Promise<void>;
  close(): void;
}

/** Connects with plain SDK clients. */
export function connect(line: string): Producer {
  const { dynamodb, kinesis, region, accessKeyId, secretAccessKey }: Ready = JSON.parse(line);
  const credentials = { accessKeyId, secretAccessKey };
  const database = new DynamoDBClient({ endpoint: dynamodb, region, credentials });
  const requestHandler = new NodeHttpHandler();
  const stream = new KinesisClient({ endpoint: kinesis, region, credentials, requestHandler });
  const producer: Producer = {
    async send(payloads) {
      let unsent = payloads.map((payload, index) => ({
        Data: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
        PartitionKey: String(index),
      }));
      while (unsent.length > 0) {
        // Four payloads of 1 MiB fit into a request; everything else is far smaller.
        const call = unsent.slice(0, unsent.some((entry) => entry.Data.length > 100_000) ? 4 : 40);
        const { Records = [] } = await stream.send(
          new PutRecordsCommand({ StreamName: 'IncomingDataStream', Records: call }),
        );
        const refused = call.filter((_, index) => Records[index]?.ErrorCode !== undefined);
        unsent = [...refused, ...unsent.slice(call.length)];
      }
    },
    async scan(table) {
      const items: Item[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page = await database.send(
          new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey }),
        );
        items.push(...(page.Items ?? []));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return items;
    },
    async sums() {
      const items = await producer.scan('AggregateTable');
      return new Map(items.map((item) => [item['Identifier']?.S ?? '', plain(item['Value']?.N ?? '')]));
    },
    async until(accept, accounted) {
      const outcomes = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'];
      for (;;) {
        const shards = await producer.scan('AccountingTable');
        const counted = shards
          .flatMap((shard) => outcomes.map((outcome) => Number(shard[outcome]?.N ?? 0)))
          .reduce((sum, count) => sum + count, 0);
        if (counted === accounted && accept(await producer.sums())) {
          return;
        }
        await sleep(100);
      }
    },
    close() {
      database.destroy();
      stream.destroy();
    },
  };
  return producer;
}

function plain(text: string): string {
  return formatDecimal(parseSum(text));
}
