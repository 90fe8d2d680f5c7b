import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { EngineAccess } from '../deployment/engine-access.ts';
import { createForwarder, type RawReply } from '../http/forwarder.ts';
import { startLoopbackServer } from '../http/loopback-server.ts';
import { BodyTooLargeError, readBytes, withLength } from '../http/message.ts';
import { type ArnOwner, ownerIn, withOwner } from './arn-owner.ts';

export interface StreamsEndpoint {
  readonly endpoint: string;
  close(): Promise<void>;
}

const TARGET_PREFIX = 'DynamoDBStreams_20120810.';
/** Operations that are asked with the ARN of a stream or answer with it; none of them carries items. */
const NAMING_OPERATIONS: ReadonlySet<string> = new Set(['DescribeStream', 'GetShardIterator', 'ListStreams']);

/**
 * Serves DynamoDB Streams under the ARNs that functions, outputs and events carry.
 *
 * An engine has a region, and some an account, of its own, and DynamoDB Local finds a stream only by that ARN. Here both
 * are the region and account of the application, in requests, answers and messages of errors. Everything else is passed on
 * as it is. Signatures become wrong by that: local engines do not check them.
 */
export async function startStreamsEndpoint(
  options: { readonly engine: string } & Pick<EngineAccess, 'region' | 'accountId'>,
): Promise<StreamsEndpoint> {
  const { engine, ...application } = options;
  const forwarder = createForwarder(engine);
  let engineOwner: ArnOwner | undefined;

  /** The engine says in its ARNs who it is; until it has a stream, no stream can be asked for. */
  async function findEngineOwner(headers: IncomingHttpHeaders, signal: AbortSignal): Promise<ArnOwner> {
    if (engineOwner === undefined) {
      const { bytes } = await forwarder.send({
        ...{ method: 'POST', path: '/', bytes: Buffer.from('{}'), signal },
        headers: { ...headers, 'x-amz-target': `${TARGET_PREFIX}ListStreams` },
      });
      engineOwner = ownerIn(bytes.toString());
    }
    return engineOwner ?? application;
  }

  async function forward(incoming: IncomingMessage, signal: AbortSignal): Promise<RawReply> {
    const { method = 'GET', url: path = '/' } = incoming;
    const bytes = await readBytes(incoming);
    const request = { method, path, headers: incoming.headers, bytes, signal };
    const operation = operationOf(incoming.headers);
    if (!NAMING_OPERATIONS.has(operation)) {
      return forwarder.send(request);
    }
    // Text that is compressed could not be searched.
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
    const text = bytes.toString();
    const outgoing = text.includes('arn:')
      ? withOwner(text, { from: application, to: await findEngineOwner(headers, signal) })
      : text;
    const reply = await forwarder.send({ ...request, headers, bytes: Buffer.from(outgoing) });
    // An iterator may hold an ARN too, and goes back to the engine as it is.
    const isIterator = operation === 'GetShardIterator' && reply.status === 200;
    return isIterator ? reply : withBody(reply, withOwner(reply.bytes.toString(), { to: application }));
  }

  const server = await startLoopbackServer((incoming, response) => {
    const client = new AbortController();
    response.on('close', () => client.abort());
    forward(incoming, client.signal).then(
      (reply) => answer(response, reply),
      (error: unknown) => answer(response, failure(error)),
    );
  });
  return {
    endpoint: server.endpoint,
    close: async () => {
      forwarder.destroy();
      await server.close();
    },
  };
}

function operationOf(headers: IncomingHttpHeaders): string {
  const target = String(headers['x-amz-target'] ?? '');
  return target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
}

function answer(response: ServerResponse, { status, headers, bytes }: RawReply): void {
  // Without its client an answer has nowhere to go.
  if (!response.destroyed) {
    response.writeHead(status, withLength(headers, bytes.length));
    response.end(bytes);
  }
}

/** SDKs check the sum where there is one. */
function withBody({ status, headers }: RawReply, text: string): RawReply {
  const bytes = Buffer.from(text);
  const sum = headers['x-amz-crc32'] === undefined ? {} : { 'x-amz-crc32': String(crc32(bytes)) };
  return { status, headers: { ...headers, ...sum }, bytes };
}

/** SDKs try again after it, as they do when an engine cannot be reached, unless the request itself is at fault. */
function failure(error: unknown): RawReply {
  const reason = error instanceof Error ? error.message : String(error);
  const body = {
    __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
    message: `the local DynamoDB Streams gave no answer: ${reason}`,
  };
  return {
    status: error instanceof BodyTooLargeError ? 413 : 500,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    bytes: Buffer.from(JSON.stringify(body)),
  };
}
