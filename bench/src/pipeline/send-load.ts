/**
 * Sends the messages of a demonstration to a stream, in a process of its own, so that its CPU time is nobody else's.
 *
 *     node bench/src/pipeline/send-load.ts ENDPOINT STREAM MESSAGES SEED
 *
 * Prints when it sent the first message, in milliseconds since the epoch.
 */
import { createLocalKinesis, freshCredentials } from '@oncefold/engines';
import { createDemoLoad } from '@oncefold/workshop';
import { sendMessages } from '@oncefold/workshop/generator';
import { dimensions } from '../lab.ts';

const [endpoint = '', stream = '', messages = '', seed = ''] = process.argv.slice(2);
const { workload } = createDemoLoad({ messages: Number(messages), seed: Number(seed), dimensions });
const client = createLocalKinesis({ endpoint, credentials: freshCredentials() });
const firstPutAt = Date.now();
await sendMessages({
  client,
  stream,
  calls: workload.calls.map((call) => call.messages),
  onSent: () => {},
  signal: AbortSignal.timeout(600_000),
});
client.destroy();
process.stdout.write(String(firstPutAt));
