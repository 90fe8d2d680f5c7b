import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createStock } from './stock.ts';

export const handler = createStock(createDynamoDbTransactions());
