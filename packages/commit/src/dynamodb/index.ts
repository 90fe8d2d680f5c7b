export { classifyDynamoDbError, type DynamoDbErrorClass } from './classify-dynamodb-error.ts';
export { createDynamoDbReader } from './create-dynamodb-reader.ts';
export { createDynamoDbTransactions } from './create-dynamodb-transactions.ts';
