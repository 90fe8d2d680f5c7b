/** The program of the queue engine: serves on a free loopback port and reports it on standard output. */

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import {
  correctInvalidCharacters,
  correctQueryError,
  correctQueues,
  type FauxqsQueue,
} from './fauxqs-corrections.ts';

/** What is used of fauxqs, whose own types need Fastify's. */
interface FauxqsModule {
  buildApp(options: { readonly logger: false; readonly stores: { readonly sqsStore: SqsStore } }): FauxqsApp;
}

interface FauxqsApp {
  readonly server: { address(): unknown };
  addHook(name: 'onRequest' | 'onSend', hook: (request: Request, reply: Reply) => Promise<void>): void;
  listen(options: { readonly port: number; readonly host: string }): Promise<unknown>;
}

interface Request {
  readonly raw: { readonly headers: Record<string, unknown> };
}

interface Reply {
  getHeader(name: string): unknown;
  header(name: string, value: string): void;
}

interface SqsStore {
  host: string;
  region: string | undefined;
}

const QUERY_ERROR = 'x-amzn-query-error';

const { buildApp } = (await import('fauxqs')) as unknown as FauxqsModule;
const main = import.meta.resolve('fauxqs');
const { version } = JSON.parse(readFileSync(new URL('../package.json', main), 'utf8')) as { version: string };
// The package exports its server only.
const { SqsStore, SqsQueue } = (await import(new URL('./sqs/sqsStore.js', main).href)) as {
  readonly SqsStore: new () => SqsStore;
  readonly SqsQueue: { readonly prototype: FauxqsQueue };
};
const { INVALID_MESSAGE_BODY_CHAR } = (await import(new URL('./sqs/sqsTypes.js', main).href)) as {
  readonly INVALID_MESSAGE_BODY_CHAR: RegExp;
};
correctQueues(SqsQueue);
correctInvalidCharacters(INVALID_MESSAGE_BODY_CHAR);

const sqsStore = new SqsStore();
// The address of a queue then begins as that of the request: sqs.us-east-1.localhost is not known on every machine.
sqsStore.host = '';
sqsStore.region = process.env['AWS_REGION'];
const app = buildApp({ logger: false, stores: { sqsStore } });
app.addHook('onRequest', async ({ raw }) => {
  // It says the region of the client, for which fauxqs would keep queues of its own.
  delete raw.headers['authorization'];
});
app.addHook('onSend', async (_request, reply) => {
  const error = reply.getHeader(QUERY_ERROR);
  if (typeof error === 'string') {
    reply.header(QUERY_ERROR, correctQueryError(error));
  }
});
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ port, version })}\n`);
