/** Goal: only a browser of this machine gets the page, and no page can hold up the command. Method: plain requests and sockets. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import { CLIENTS_MAX, PageClients, UPDATES_MISSED_MAX } from './page-clients.ts';
import { type PageServer, startPageServer } from './page-server.ts';

let servers: PageServer[] = [];
let sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) {
    socket.destroy();
  }
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  sockets = [];
});

async function serve(port = 0): Promise<{ readonly server: PageServer; readonly clients: PageClients }> {
  const clients = new PageClients();
  const page = '<!doctype html><title>page</title>';
  const onOpened = (): void => clients.send({ whole: { is: 'whole' } });
  const server = await startPageServer({ port, page, policy: "default-src 'none'", clients, onOpened });
  servers.push(server);
  return { server, clients };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const asked = request(url, { ...options, agent: false });
  asked.end();
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
  }
  return { status: response.statusCode, headers: response.headers, text };
}

/** A page that has opened its events, as a socket: it reads only when it is told to. */
async function openEvents(server: PageServer): Promise<Socket> {
  const { port } = new URL(server.address);
  const socket = connect(Number(port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  socket.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
  }
  return text;
}

describe('startPageServer', () => {
  it('serves the page on the loopback interface, under its policy and kept by nobody', async () => {
    const { server } = await serve();
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { status, text, headers } = await ask(server.address);
    expect({ status, text }).toEqual({ status: 200, text: '<!doctype html><title>page</title>' });
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([
    ['another host, whose name points here', '/', { headers: { host: 'evil.example' } }, 403],
    ['a host that only begins like ours', '/events', { headers: { host: '127.0.0.1.evil.example' } }, 403],
    ['events for a page of another site', '/events', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['anything that changes something', '/', { method: 'POST' }, 405],
    ['another path', '/../etc/passwd', {}, 404],
  ])('refuses %s', async (_, path, options, status) => {
    const { server, clients } = await serve();
    expect((await ask(`${server.address.slice(0, -1)}${path}`, options)).status).toBe(status);
    expect(clients.count).toBe(0);
  });

  it.each(['localhost', 'localhost:8000', '127.0.0.1:1'])(
    'takes %s for this machine, as a tunnel has it',
    async (host) => {
      const { server } = await serve();
      expect((await ask(server.address, { headers: { host } })).status).toBe(200);
    },
  );

  it('says what to do when the port is taken', async () => {
    const { server } = await serve();
    const port = Number(new URL(server.address).port);
    await expect(serve(port)).rejects.toThrow(CouldNotRunError);
    await expect(serve(port)).rejects.toThrow(/port \d+: .*EADDRINUSE.*another --port/);
  });

  it('gives a page the whole at once, then what changes, and says when it is over', async () => {
    const { server, clients } = await serve();
    const socket = await openEvents(server);
    clients.send({ whole: { is: 'whole again' }, changed: { is: 'changed' } });
    clients.send({ whole: { is: 'nothing new' } });
    clients.end({ is: 'last' });
    const text = await readAll(socket);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('text/event-stream');
    expect([...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data)).toEqual([
      ...['{"is":"whole"}', '{"is":"changed"}', '{"is":"last"}', '{}'],
    ]);
    expect(text.match(/^event: .*$/gm)?.at(-1)).toBe('event: ended');
  });

  it('takes so many pages and no more, and again when one is closed', async () => {
    const { server, clients } = await serve();
    const open: Socket[] = [];
    for (let number = 0; number < CLIENTS_MAX; number += 1) {
      open.push(await openEvents(server));
    }
    expect(clients.count).toBe(CLIENTS_MAX);
    expect((await ask(`${server.address}events`)).status).toBe(503);
    open[0]?.destroy();
    await expect.poll(() => clients.count).toBe(CLIENTS_MAX - 1);
    await openEvents(server);
    expect(clients.count).toBe(CLIENTS_MAX);
  });

  it('cuts a page off that does not read, and keeps next to nothing for it', async () => {
    const { server, clients } = await serve();
    await openEvents(server);
    const reader = await openEvents(server);
    let received = 0;
    reader.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    const big = { text: 'x'.repeat(500_000) };
    let updates = 0;
    while (clients.count > 1 && updates < 1_000) {
      const target = received + big.text.length;
      clients.send({ whole: big, changed: big });
      updates += 1;
      while (received < target) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    expect(clients.count).toBe(1);
    expect(updates).toBeGreaterThan(UPDATES_MISSED_MAX);
  });

  it('gives a page that was slow the whole, and not what it has missed', async () => {
    const { server, clients } = await serve();
    const socket = await openEvents(server);
    const big = { text: 'x'.repeat(8_000_000) };
    clients.send({ whole: {}, changed: big });
    clients.send({ whole: {}, changed: { is: 'missed' } });
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += String(chunk);
    });
    await expect.poll(() => text.length).toBeGreaterThan(8_000_000);
    await expect
      .poll(() => {
        clients.send({ whole: { is: 'whole now' }, changed: { is: 'missed' } });
        return text;
      })
      .toContain('{"is":"whole now"}');
    expect(text.slice(0, text.indexOf('whole now'))).not.toContain('missed');
  });

  it('closes at once although pages are open and one asks slowly', async () => {
    const { server, clients } = await serve();
    const events = await openEvents(server);
    const slow = connect(Number(new URL(server.address).port), '127.0.0.1');
    sockets.push(slow);
    slow.on('error', () => {});
    slow.write('GET / HT');
    clients.end({});
    await server.close();
    expect(await readAll(events)).toContain('event: ended');
    await expect(ask(server.address)).rejects.toThrow(/ECONNREFUSED/);
    servers = [];
  });
});
