import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Finds a TCP port of the loopback address that is free now.
 *
 * Another process may take it before the caller does: whoever uses it must check that the answer is its own.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
