import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer {
  /** Base URL, without a slash at the end. */
  readonly endpoint: string;
  /** Lets the process end while the server runs. */
  unref(): void;
  /** Ends all connections, also those with a request that waits for its answer. */
  close(): Promise<void>;
}

/**
 * Serves on a free port of the loopback address; connections stay open until the client or {@link LoopbackServer.close} ends them.
 *
 * @param headerBytesMax - a request with more of headers is refused; by default what Node.js takes
 */
export async function startLoopbackServer(
  listener: RequestListener,
  headerBytesMax?: number,
): Promise<LoopbackServer> {
  const server = createServer(
    headerBytesMax === undefined ? {} : { maxHeaderSize: headerBytesMax },
    listener,
  );
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    unref: () => void server.unref(),
    close: async () => {
      const closed = new Promise<void>((fulfil) => server.close(() => fulfil()));
      server.closeAllConnections();
      await closed;
    },
  };
}
