import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NotIdleError, type ObservedInvocation, startApplication } from '@oncefold/cli/testing';

const [template = 'template.yaml'] = process.argv.slice(2);
await using application = await startApplication(template, { faults: { redeliver: 1, seed: 1 } });
const kinesis = new KinesisClient(application.clientConfig('kinesis'));
const DATA = new TextEncoder().encode('{"orderId":"1"}');
await kinesis.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: '1', Data: DATA }));
try {
  await application.waitUntilIdle({ timeoutMs: 100_000 });
} catch (error) {
  console.error(error instanceof NotIdleError ? error.open : error);
  throw error;
}
const [first]: readonly ObservedInvocation[] = application.invocations();
const { seed, counts } = application.injectedFaults();
console.log(JSON.stringify({ seed, redelivered: counts.redeliver, records: first?.records.length }));
