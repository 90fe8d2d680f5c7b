import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy before an engine of DynamoDB that can lose answers. */
export interface LossyProxy {
  readonly endpoint: string;
  /** Loses the answer to one transaction, after the engine has written it: to the next one, or to one of those after. */
  loseAnswer(options: { readonly afterTransactions: number }): void;
  /** Answers that were lost so far. */
  readonly lost: () => number;
  close(): Promise<void>;
}

/** @param engine - base URL of the engine */
export async function startLossyProxy(engine: string): Promise<LossyProxy> {
  let transactionsUntilLoss: number | undefined;
  let lost = 0;
  const server = createServer(async (request, response) => {
    try {
      const operation = String(request.headers['x-amz-target']).split('.')[1];
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const answer = await fetch(engine, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: await buffer(request),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      if (operation === 'TransactWriteItems' && transactionsUntilLoss !== undefined) {
        transactionsUntilLoss -= 1;
        if (transactionsUntilLoss < 0) {
          transactionsUntilLoss = undefined;
          lost += 1;
          response.destroy();
          return;
        }
      }
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseAnswer: ({ afterTransactions }) => {
      transactionsUntilLoss = afterTransactions;
    },
    lost: () => lost,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
