import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { Engine } from './engine.ts';
import { startDynamoDb } from './start-dynamodb.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a test file asks for the run's DynamoDB; absent when the global setup is not configured. */
    oncefoldDynamoDbStarter?: string;
  }
}

/**
 * Vitest's global setup: one DynamoDB for all test files of a run, started when the first of them asks for it.
 *
 * DynamoDB Local takes two seconds and 300 MB to start: once per file is too slow for two cores, always is too slow for
 * a run of pure tests. Each file uses an access key of its own, for which DynamoDB Local keeps a database of its own.
 * Kinesis has no such separation and starts in a fraction of a second, so each file has its own. Testcontainers would need
 * a container engine, which a fresh machine may not have; with a fixed port and a shared database, runs would collide.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let engine: Promise<Engine> | undefined;
  const server = createServer((_request, response) => {
    engine ??= startDynamoDb();
    engine.then(
      ({ endpoint }) => response.end(endpoint),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  project.provide('oncefoldDynamoDbStarter', `http://127.0.0.1:${port}`);
  return async () => {
    server.closeAllConnections();
    server.close();
    // An engine that did not start has been reported by the test files that asked for it.
    const running = await engine?.catch(() => undefined);
    await running?.stop();
  };
}
