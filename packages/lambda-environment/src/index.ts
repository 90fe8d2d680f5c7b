export { createFunctionDynamoDb } from './create-function-dynamodb.ts';
export { type Environment, EnvironmentError, readEnvironment } from './environment.ts';
export { type RecordAges, recordAges } from './record-ages.ts';
