/** The program of the Kinesis engine: serves on a free loopback port and reports it on standard output. */

import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import kinesalite from 'kinesalite';
import { acceptHttp2 } from './accept-http2.ts';
import { type KinesaliteNumbers, speedUpNumbers } from './kinesalite-numbers.ts';
import { acceptStreamArns, type KinesaliteValidations } from './kinesalite-stream-arns.ts';

const require = createRequire(import.meta.url);
const { version } = require('kinesalite/package.json') as { version: string };

speedUpNumbers(require('kinesalite/db') as KinesaliteNumbers);
acceptStreamArns(require('kinesalite/validations') as KinesaliteValidations);
const server = acceptHttp2(
  kinesalite({ createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 1_000 }),
);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port, version })}\n`);
});
