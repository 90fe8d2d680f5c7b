import { Agent, type IncomingMessage, request as sendHttp } from 'node:http';
import { Agent as SecureAgent, request as sendHttps } from 'node:https';
import { urlToHttpOptions } from 'node:url';

/** Sends the requests with which a stream is read, each as its service's JSON protocol has it. */
export interface StreamRequests {
  /**
   * Sends one request, once.
   *
   * @returns the answer as the service sent it, parsed as JSON: binary values in base64, times in epoch seconds, as in Lambda's events
   * @throws {@link StreamRefusalError} when the service refuses it
   * @throws an error with the code of the system when there is no answer, or with the name `TimeoutError`
   */
  send(operation: string, input: object): Promise<unknown>;
  /** Closes the connections. */
  close(): void;
}

export interface StreamRequestsOptions {
  readonly service: keyof typeof SERVICES;
  /** Base URL of the engine. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
}

const SERVICES = {
  kinesis: { signingName: 'kinesis', target: 'Kinesis_20131202', version: '1.1' },
  'dynamodb-streams': { signingName: 'dynamodb', target: 'DynamoDBStreams_20120810', version: '1.0' },
} as const;
/** A service that says nothing for so long does not answer any more. */
const SILENCE_MS_MAX = 30_000;

/** A service has refused a request; the name is the service's. */
export class StreamRefusalError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  /** @param type - as a header of the answer gives it, which some engines send instead of a member of the body */
  constructor(status: number, body: string, type?: string) {
    const refusal = refusalOf(body);
    super(refusal.message ?? `the answer has the status ${status}`);
    this.name = nameOf(type ?? refusal.type) ?? 'UnknownError';
    this.$metadata = { httpStatusCode: status };
  }
}

class StreamTimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor() {
    super(`no answer within ${SILENCE_MS_MAX} ms`);
  }
}

/**
 * Makes what reads the streams of an engine.
 *
 * A client of the SDK spends three times the CPU on a request that finds nothing, and a stream is read every few milliseconds: that is
 * its middleware, its signature and its deserializer, which turns every attribute into a form that has to be turned back for Lambda's
 * events. Local engines want an authorization of the right form, and cannot check its signature: the keys here are made for one start, and
 * never those of an account.
 */
export function createStreamRequests(options: StreamRequestsOptions): StreamRequests {
  const { signingName, target, version } = SERVICES[options.service];
  // An address of IPv6 has brackets in a URL only.
  const { protocol, hostname, port, path } = urlToHttpOptions(new URL(options.endpoint));
  const isSecure = protocol === 'https:';
  const agent = isSecure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const begin = isSecure ? sendHttps : sendHttp;
  const authorizationOn = (day: string) =>
    `AWS4-HMAC-SHA256 Credential=${options.accessKeyId}/${day}/${options.region}/${signingName}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`;
  return {
    async send(operation, input) {
      const body = JSON.stringify(input);
      const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const request = begin(
        {
          ...{ agent, hostname, port, path, method: 'POST', timeout: SILENCE_MS_MAX },
          headers: {
            authorization: authorizationOn(time.slice(0, 8)),
            'content-type': `application/x-amz-json-${version}`,
            'x-amz-date': time,
            'x-amz-target': `${target}.${operation}`,
            'content-length': Buffer.byteLength(body),
          },
        },
        (message) => readAnswer(message, resolve, reject),
      );
      request
        .once('error', reject)
        .once('timeout', () => request.destroy(new StreamTimeoutError()))
        .end(body);
      const { status, text, type } = await promise;
      if (status !== 200) {
        throw new StreamRefusalError(status, text, type);
      }
      return JSON.parse(text);
    },
    close: () => agent.destroy(),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type: string | undefined;
}

function readAnswer(
  message: IncomingMessage,
  resolve: (answer: Answer) => void,
  reject: (error: unknown) => void,
): void {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.once('error', reject);
  message.once('end', () =>
    resolve({
      status: message.statusCode ?? 0,
      text: Buffer.concat(chunks).toString('utf8'),
      type: [message.headers['x-amzn-errortype']].flat()[0],
    }),
  );
}

/** The name alone: before it may stand a namespace, behind it an address. */
function nameOf(type: string | undefined): string | undefined {
  return type
    ?.slice(type.lastIndexOf('#', type.includes(':') ? type.indexOf(':') : undefined) + 1)
    .split(':')[0];
}

/** Finds type and message wherever a service or an engine writes them. */
function refusalOf(body: string): {
  readonly type?: string | undefined;
  readonly message?: string | undefined;
} {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return { message: body.slice(0, 1_000) };
  }
  const members = (typeof content === 'object' && content !== null ? content : {}) as Record<string, unknown>;
  const first = (names: readonly string[]) =>
    names.map((name) => members[name]).find((value): value is string => typeof value === 'string');
  return { type: first(['__type', 'code']), message: first(['message', 'Message']) };
}
