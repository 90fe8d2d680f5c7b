// Goal: an answer is what the service sent, and a failure says what the mapping has to know: its name, and whether it passes.
// Method: a server that answers as scripted; real engines are in test/streams.
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../http/loopback-server.ts';
import { createStreamRequests, type StreamRequests } from './stream-requests.ts';
import { isTransient } from './stream-source.ts';

let server: LoopbackServer | undefined;
afterEach(() => server?.close());

interface Asked {
  readonly target: unknown;
  /** As `x-amz-date` has it. */
  readonly date: string;
  readonly authorization: string;
  readonly body: string;
}

async function answering(
  status: number,
  answer: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<StreamRequests & { asked: Asked[] }> {
  const asked: Asked[] = [];
  server = await startLoopbackServer(async (request, response) => {
    const { 'x-amz-target': target, 'x-amz-date': date, authorization = '' } = request.headers;
    asked.push({ target, date: String(date), authorization, body: await text(request) });
    response.writeHead(status, headers).end(answer);
  });
  const { endpoint } = server;
  const requests = createStreamRequests({
    service: 'dynamodb-streams',
    endpoint,
    region: 'eu-west-1',
    accessKeyId: 'KEY',
  });
  return { ...requests, asked };
}

async function failureOf(requests: StreamRequests): Promise<Error> {
  const answer = await requests.send('GetRecords', {}).catch((error: unknown) => error);
  if (!(answer instanceof Error)) {
    throw new Error('it did not fail');
  }
  return answer;
}

describe('createStreamRequests', () => {
  it('answers what the service sent, to a request under its key and for its region', async () => {
    const requests = await answering(200, '{"Records":[{"dynamodb":{"Keys":{"id":{"B":"AAE="}}}}]}');
    expect(await requests.send('GetRecords', { ShardIterator: 'é' })).toEqual({
      Records: [{ dynamodb: { Keys: { id: { B: 'AAE=' } } } }],
    });
    const [{ target, date, authorization, body } = { date: '', authorization: '' }] = requests.asked;
    expect(date).toMatch(/^20\d{6}T\d{6}Z$/);
    expect({ target, body }).toEqual({
      target: 'DynamoDBStreams_20120810.GetRecords',
      body: '{"ShardIterator":"é"}',
    });
    expect(authorization).toContain(`Credential=KEY/${date.slice(0, 8)}/eu-west-1/dynamodb/aws4_request`);
    requests.close();
  });

  it.each([
    [400, '{"__type":"com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException","message":"gone"}'],
    [400, '{"__type":"TrimmedDataAccessException","Message":"gone"}'],
  ])('names what was refused, however the service writes it', async (status, answer) => {
    const requests = await answering(status, answer);
    const failure = await failureOf(requests);
    expect(failure).toMatchObject({ name: 'TrimmedDataAccessException', message: 'gone' });
    expect(isTransient(failure)).toBe(false);
    requests.close();
  });

  it.each([
    ['{}', { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/' }],
    ['{"code":"ThrottlingException"}', {}],
    ['{"__type":"com.amazon.coral.availability#ThrottlingException:http://a/b#c"}', {}],
  ])('knows that a refusal passes by its name, wherever that stands: %s %o', async (answer, headers) => {
    const requests = await answering(400, answer, headers);
    const failure = await failureOf(requests);
    expect(failure.name).toBe('ThrottlingException');
    expect(isTransient(failure)).toBe(true);
    requests.close();
  });

  it.each([
    ['<html>busy</html>', '<html>busy</html>'],
    ['{"__type":null,"message":5}', 'the answer has the status 503'],
    ['null', 'the answer has the status 503'],
  ])('takes an error of the service for one that passes, whatever it says: %s', async (answer, message) => {
    const requests = await answering(503, answer);
    const failure = await failureOf(requests);
    expect(failure).toMatchObject({ name: 'UnknownError', message });
    expect(isTransient(failure)).toBe(true);
    requests.close();
  });

  it('takes a service that is not there for one that comes', async () => {
    const { close, ...requests } = await answering(200, '{}');
    await server?.close();
    expect(isTransient(await failureOf({ ...requests, close }))).toBe(true);
    close();
  });
});
