export { createDynamoDbSource } from './dynamodb-source.ts';
export { createKinesisSource } from './kinesis-source.ts';
export { type MappingDriver, startMappingDriver } from './mapping-driver.ts';
export type { StreamSource } from './stream-source.ts';
