export { acceptHttp2 } from './accept-http2.ts';
export type { Engine } from './engine.ts';
export { EngineError } from './engine-error.ts';
export { findJava, type Java } from './find-java.ts';
export { freePort } from './free-port.ts';
export {
  freshCredentials,
  LOCAL_ACCOUNT_ID,
  LOCAL_REGION,
  type LocalCredentials,
} from './fresh-credentials.ts';
export { EXTRA_DESCRIPTOR, type GuardedExit, guardedSpawn } from './guarded-spawn.ts';
export { launchEngine } from './launch-engine.ts';
export {
  createLocalClients,
  createLocalDynamoDb,
  createLocalKinesis,
  createLocalSqs,
  type LocalClients,
} from './local-clients.ts';
export { startDynamoDb } from './start-dynamodb.ts';
export { startKinesis } from './start-kinesis.ts';
export { startSqs } from './start-sqs.ts';
