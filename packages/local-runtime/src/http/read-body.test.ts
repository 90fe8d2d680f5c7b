import { once } from 'node:events';
import { Agent, request as send } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startLoopbackServer } from './loopback-server.ts';
import { readBody } from './read-body.ts';

describe('readBody', () => {
  it.each([
    [4, { text: 'abcd', beginning: 'abcd' }],
    [3, { text: undefined, beginning: 'abc' }],
    [2, { text: undefined, beginning: 'ab' }],
  ])('keeps no more than %i bytes, and says whether that is all', async (bytesMax, body) => {
    const request = Readable.from([Buffer.from('ab'), Buffer.from('cd')]);
    expect(await readBody(request, bytesMax)).toEqual(body);
  });

  it('refuses a body that is too long, and leaves the connection to the next request', async () => {
    const ports = new Set<number | undefined>();
    const server = await startLoopbackServer((request, response) => {
      ports.add(request.socket.remotePort);
      void readBody(request, 10).then((body) => response.end(String(body.text)));
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = async (body: string): Promise<string> => {
      const request = send(server.endpoint, { method: 'POST', agent }).end(body);
      const [response] = await once(request, 'response');
      return text(response);
    };
    expect(await post('x'.repeat(1_000_000))).toBe('undefined');
    expect(await post('öäüöä')).toBe('öäüöä');
    expect(await post('')).toBe('');
    expect(ports.size).toBe(1);
    agent.destroy();
    await server.close();
  });
});
