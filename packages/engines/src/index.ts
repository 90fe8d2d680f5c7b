export type { Engine } from './engine.ts';
export { EngineError, type EngineErrorCode } from './engine-error.ts';
export { freshCredentials, LOCAL_REGION, type LocalCredentials } from './fresh-credentials.ts';
export {
  type GuardedExit,
  type GuardedProcess,
  type GuardedSpawnOptions,
  guardedSpawn,
} from './guarded-spawn.ts';
export {
  createLocalClients,
  createLocalDynamoDb,
  createLocalDynamoDbStreams,
  createLocalKinesis,
  type LocalClientOptions,
  type LocalClients,
  type LocalClientsOptions,
} from './local-clients.ts';
export { type StartDynamoDbOptions, startDynamoDb } from './start-dynamodb.ts';
export { type StartKinesisOptions, startKinesis } from './start-kinesis.ts';
