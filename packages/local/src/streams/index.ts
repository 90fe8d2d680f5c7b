export type { DeliveryFaults } from './delivery-faults.ts';
export { createDynamoDbSource } from './dynamodb-source.ts';
export { createKinesisSource } from './kinesis-source.ts';
export { type MappingDriver, startMappingDriver } from './mapping-driver.ts';
export { asError, type StreamSource } from './stream-source.ts';
