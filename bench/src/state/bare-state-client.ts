/**
 * Writes the state of messages with a bare client, in a process of its own, so that its CPU time can be told.
 *
 *     node bench/src/state/bare-state-client.ts TABLE WARM_UP MESSAGES
 *
 * Endpoint, Region and credentials are those of the environment. Makes all requests first, sends those of so many messages to become warm, and prints the CPU
 * seconds that sending the others takes.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sendStateRequests } from './send-state-requests.ts';
import { labMessages, stateRequests } from './state-requests.ts';

const [table = '', warmUp = '', messages = ''] = process.argv.slice(2);
const before = await stateRequests(labMessages(Number(warmUp), 1), table);
const requests = await stateRequests(labMessages(Number(messages), 2), table);
const client = new DynamoDBClient({});
await sendStateRequests(client, before);
globalThis.gc?.();
const start = process.cpuUsage();
await sendStateRequests(client, requests);
const { user, system } = process.cpuUsage(start);
console.log((user + system) / 1_000_000);
