export { createDynamoDbTransactions } from './create-dynamodb-transactions.ts';
