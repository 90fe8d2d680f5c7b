import { once } from 'node:events';
import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readBody } from './read-body.ts';

describe('readBody', () => {
  it('refuses a body that is too long, and leaves the connection to the next request', async () => {
    const ports = new Set<number | undefined>();
    const server = createServer((request, response) => {
      ports.add(request.socket.remotePort);
      void readBody(request, 10).then((body) => response.end(String(body)));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = async (body: string): Promise<string> => {
      const request = send({ host: '127.0.0.1', port, method: 'POST', agent }).end(body);
      const [response] = await once(request, 'response');
      return text(response);
    };
    expect(await post('x'.repeat(1_000_000))).toBe('undefined');
    expect(await post('öäüöä')).toBe('öäüöä');
    expect(await post('')).toBe('');
    expect(ports.size).toBe(1);
    agent.destroy();
    server.close();
  });
});
