export { createAggregateReader } from './aggregate-reader.ts';
export { createDynamoDbRoundStore } from './round-store.ts';
