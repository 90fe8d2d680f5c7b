import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createKeepOrders } from './keep-orders.ts';
import { createRevenue } from './revenue.ts';

export const keepOrders = createKeepOrders(new DynamoDBClient());
export const sumRevenue = createRevenue(createDynamoDbTransactions());
