import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CouldNotRunError } from '../../command-line/could-not-run-error.ts';
import type { PageClients } from './page-clients.ts';

/** A page that is served on this machine. */
export interface PageServer {
  /** Such as `http://127.0.0.1:41234/`. */
  readonly address: string;
  /** Lets what is being written be written, and cuts all connections. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Whatever opens connections, no more than so many are taken. */
const CONNECTIONS_MAX = 64;
const REQUEST_MS_MAX = 5_000;
/** What was written last has so long to arrive, in milliseconds. */
const FLUSH_MS_MAX = 500;

/** Names under which a browser of this machine asks; any port, because a tunnel may have another one. */
const OWN_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/**
 * Serves one page and its events on the loopback interface.
 *
 * A page of another origin can neither read it, because no such origin is allowed, nor pretend to be it by letting its own
 * name point here: requests for any other host are refused.
 *
 * @param options.port - 0 for a free one
 * @param options.policy - content security policy of the page
 * @throws {@link CouldNotRunError} when the port is taken
 */
export async function startPageServer(options: {
  readonly port: number;
  readonly page: string;
  readonly policy: string;
  readonly clients: PageClients;
  /** Called when a page has opened its stream of events. */
  readonly onOpened: () => void;
}): Promise<PageServer> {
  const { port, page, policy, clients, onOpened } = options;
  const server = createServer(
    { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX },
    (request, response) =>
      answer(request, response, {
        page: () => respond(response, 200, { type: 'text/html; charset=utf-8', text: page, policy }),
        events: () => {
          if (openEvents(response, clients)) {
            onOpened();
          }
        },
      }),
  );
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, port);
  return {
    address: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    close: () => close(server),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answers: { readonly page: () => void; readonly events: () => void },
): void {
  const { method, url = '', headers } = request;
  const refuse = (status: number, text: string): void =>
    respond(response, status, { type: 'text/plain; charset=utf-8', text });
  const isForeign = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
  if (!OWN_HOST.test(headers.host ?? '') || isForeign) {
    refuse(403, 'This page is for a browser on this machine; open it as http://127.0.0.1 with its port.\n');
  } else if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(405, 'There is only something to read here.\n');
  } else if (url === '/') {
    answers.page();
  } else if (url === '/events' && method === 'GET') {
    answers.events();
  } else {
    refuse(404, 'There is one page here, at /.\n');
  }
}

const commonHeaders = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

function respond(
  response: ServerResponse,
  status: number,
  { type, text, policy }: { readonly type: string; readonly text: string; readonly policy?: string },
): void {
  response.writeHead(status, {
    ...commonHeaders,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    ...(policy !== undefined && { 'Content-Security-Policy': policy }),
  });
  response.end(text);
}

/** @returns whether the page was taken in */
function openEvents(response: ServerResponse, clients: PageClients): boolean {
  // Its end ends the connection: nothing is left open behind a command that has ended.
  response.shouldKeepAlive = false;
  response.setHeader('Content-Type', 'text/event-stream');
  for (const [name, value] of Object.entries(commonHeaders)) {
    response.setHeader(name, value);
  }
  if (clients.add(response)) {
    return true;
  }
  const text = 'Too many pages are open; close one.\n';
  respond(response, 503, { type: 'text/plain; charset=utf-8', text });
  return false;
}

function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause) =>
    reject(
      new CouldNotRunError(
        `the page cannot be served on port ${port}: ${cause.message}; choose another --port, or leave it out`,
        { cause },
      ),
    ),
  );
  server.listen({ host: LOOPBACK, port, exclusive: true }, resolve);
  return promise;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.closeAllConnections(), FLUSH_MS_MAX);
  server.close(() => {
    clearTimeout(timer);
    resolve();
  });
  server.closeIdleConnections();
  return promise;
}
