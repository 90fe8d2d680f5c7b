import { createDynamoDbTransactions } from '@oncefold/commit/dynamodb';
import { createPageViews } from './page-views.ts';

export const handler = createPageViews(createDynamoDbTransactions());
