import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { upsertNewest } from '@oncefold/versioned-upsert';
import { versionedTable } from '@oncefold/versioned-upsert/dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import { client, createTable } from './shelves.ts';

interface Count {
  readonly shelf: string;
  readonly version: number;
  readonly pieces: string;
}

const table = versionedTable({
  client,
  table: 'Counts',
  key: { Shelf: 'S' },
  version: { name: 'Version', type: 'N' },
  attributes: ['Pieces'],
});

/** How many pieces were on each shelf when it was last counted. */
const handler = upsertNewest({ table, onRefused: 'fail' }, ({ Records }: SQSEvent) =>
  Records.map(({ body }) => {
    const { shelf, version, pieces }: Count = JSON.parse(body);
    return { key: { Shelf: shelf }, version, attributes: { Pieces: { N: pieces } } };
  }),
);

function message(count: Count): SQSEvent {
  const record = { messageId: String(count.version), body: JSON.stringify(count) };
  return { Records: [record as SQSEvent['Records'][number]] };
}

await createTable('Counts', 'Shelf');
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
// The newer count comes first, and the older one changes nothing.
await handler(message({ shelf: 'A1', version: 2, pieces: '7.5' }), context);
await handler(message({ shelf: 'A1', version: 1, pieces: '5' }), context);
const { Item } = await client.send(
  new GetItemCommand({ TableName: 'Counts', Key: { Shelf: { S: 'A1' } }, ConsistentRead: true }),
);
console.log(Item?.['Pieces']?.N);
