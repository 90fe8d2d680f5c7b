import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { powertools } from '@oncefold/commit/powertools';
import { client, createTable, deliverTwice } from '../with-sdk/shelves.ts';

await createTable('Idempotency', 'id');
const store = new DynamoDBPersistenceLayer({ tableName: 'Idempotency', awsSdkV3Client: client });
const strategy = powertools({ namespace: 'warehouse', consumer: 'stock', store, expiresAfterSeconds: 3_600 });
console.log(await deliverTwice('StockWithPowertools', strategy));
