/**
 * Puts records into a stream as fast as it takes them, in a process of its own, so that its CPU time and memory are not
 * counted as the runtime's.
 *
 *     node bench/src/runtime/produce.ts ENDPOINT STREAM COUNT
 *
 * Prints its CPU time in seconds.
 */
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createLocalKinesis, freshCredentials } from '@oncefold/engines';

const [endpoint = '', stream = '', countText = ''] = process.argv.slice(2);
const count = Number(countText);
/** The most that one request may hold. */
const perRequest = 500;
const requestsAtOnce = 4;
const client = createLocalKinesis({ endpoint, credentials: freshCredentials() });

let next = 0;
await Promise.all(Array.from({ length: requestsAtOnce }, produce));
client.destroy();
const { user, system } = process.cpuUsage();
process.stdout.write(String((user + system) / 1_000_000));

async function produce(): Promise<void> {
  while (next < count) {
    const from = next;
    next = Math.min(count, from + perRequest);
    let unsent = Array.from({ length: next - from }, (_, index) => ({
      Data: Buffer.from(
        JSON.stringify({ number: from + index, text: 'a record of about a hundred bytes, as events are' }),
      ),
      PartitionKey: String(from + index),
    }));
    while (unsent.length > 0) {
      const { Records = [] } = await client.send(
        new PutRecordsCommand({ StreamName: stream, Records: unsent }),
      );
      unsent = unsent.filter((_, index) => Records[index]?.ErrorCode !== undefined);
    }
  }
}
