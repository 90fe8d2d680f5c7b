export { classifyDynamoDbError, type DynamoDbErrorClass } from './classify-dynamodb-error.ts';
export { createDynamoDbTransactions } from './create-dynamodb-transactions.ts';
