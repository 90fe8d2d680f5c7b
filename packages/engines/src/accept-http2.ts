import type { Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSocketServer, type Server as SocketServer } from 'node:net';

/** What a client sends first that speaks HTTP/2 without having asked. */
const HTTP2_BEGINNING = 'PRI * HTTP/2';

/**
 * Makes a server of HTTP/1.1 take HTTP/2 on the same port.
 *
 * The AWS SDK for JavaScript speaks HTTP/2 with Kinesis, also without encryption, so that a function that writes to a stream would
 * otherwise fail here and nowhere else.
 *
 * @param http - answers the requests; it is not to listen itself
 */
export function acceptHttp2(http: Server): SocketServer {
  const http2 = createHttp2Server((request, response) => void http.emit('request', request, response)).on(
    'sessionError',
    () => {},
  );
  return createSocketServer({ noDelay: true }, (socket) => {
    socket
      // A client may end at any time; the servers that take the connection over say so themselves.
      .on('error', () => {})
      .once('readable', () => {
        const beginning: Buffer | null = socket.read();
        if (beginning !== null) {
          socket.unshift(beginning);
          const isHttp2 = beginning.toString('latin1').startsWith(HTTP2_BEGINNING);
          (isHttp2 ? http2 : http).emit('connection', socket);
        }
      });
  });
}
