import { Agent, type IncomingHttpHeaders, request as send } from 'node:http';
import { text } from 'node:stream/consumers';

const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Sends one request to an engine on the loopback address and reads the answer to its end.
 *
 * Not with `fetch`: where `NODE_USE_ENV_PROXY` is set it goes through the proxy of the environment, and so does Node.js's global
 * agent. An agent of one's own does not.
 *
 * @throws when nothing answers within two seconds, or what answers does not speak HTTP
 */
export async function askEngine(
  endpoint: string,
  question: {
    readonly method?: 'GET' | 'POST';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<{ readonly status: number | undefined; readonly headers: IncomingHttpHeaders }> {
  const { method = 'GET', headers, body } = question;
  const agent = new Agent();
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number | undefined;
    readonly headers: IncomingHttpHeaders;
  }>();
  const request = send(
    endpoint,
    { agent, method, ...(headers && { headers }), signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) },
    (response) => {
      text(response).then(() => resolve({ status: response.statusCode, headers: response.headers }), reject);
    },
  );
  request.once('error', reject).end(body);
  return promise.finally(() => agent.destroy());
}
