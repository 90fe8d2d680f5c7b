export { createDynamoDbAccountingStore } from './accounting-store.ts';
export { createDynamoDbQuarantineStore } from './quarantine-store.ts';
export { createDynamoDbStateStore } from './state-store.ts';
