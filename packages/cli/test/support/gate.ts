import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address behind which an engine answers once it is opened. */
export interface Gate {
  readonly endpoint: string;
  open(): void;
  close(): void;
}

/**
 * Makes an engine answer only when the test wants it to: a command that is started with this address waits for the test, however
 * fast the machine is.
 */
export async function startGate(engine: string): Promise<Gate> {
  const { hostname, port } = new URL(engine);
  const opened = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Whoever goes away takes the other side along.
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    void opened.promise.then(() => {
      const target = connect(Number(port), hostname).on('error', () => socket.destroy());
      socket.once('close', () => target.destroy());
      socket.pipe(target).pipe(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => opened.resolve(),
    close() {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
