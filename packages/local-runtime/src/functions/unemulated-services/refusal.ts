import type { ServiceProtocol } from './read-service-call.ts';

/** An answer that every SDK reads as an error of the service, and does not try again. */
export interface Refusal {
  readonly status: 400;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Name of the error in the function's code. */
const CODE = 'ServiceNotEmulatedException';

/** Makes the answer in the service's own wire format: an SDK shows the message of no other. */
export function createRefusal(protocol: ServiceProtocol, message: string, requestId: string): Refusal {
  switch (protocol) {
    case 'json':
      return refusal('application/x-amz-json-1.0', JSON.stringify({ __type: CODE, message }));
    case 'rest-json':
      return refusal('application/json', JSON.stringify({ message }), { 'x-amzn-errortype': CODE });
    case 'cbor':
      return refusal('application/cbor', cborMap({ __type: CODE, message }), {
        'smithy-protocol': 'rpc-v2-cbor',
      });
    case 'query': {
      const error = `<Error><Type>Sender</Type>${element('Code', CODE)}${element('Message', message)}</Error>`;
      const xml = `<ErrorResponse>${error}${element('RequestId', requestId)}</ErrorResponse>`;
      return refusal('text/xml', xml);
    }
    case 'rest-xml': {
      const parts = [element('Code', CODE), element('Message', message), element('RequestId', requestId)];
      return refusal(
        'application/xml',
        `<?xml version="1.0" encoding="UTF-8"?><Error>${parts.join('')}</Error>`,
      );
    }
  }
}

function refusal(
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { status: 400, headers: { 'content-type': type, ...headers }, body: Buffer.from(body) };
}

function element(name: string, text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${escaped}</${name}>`;
}

/** Encodes a flat map of texts as CBOR (RFC 8949): at most 23 entries. */
function cborMap(entries: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(entries);
  const parts = pairs.flatMap(([key, value]) => [cborText(key), cborText(value)]);
  return Buffer.concat([Buffer.of(0xa0 + pairs.length), ...parts]);
}

/** Text with its length in two bytes, which every decoder takes for short ones, too. */
function cborText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const head = Buffer.alloc(3);
  head.writeUInt8(0x79);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
