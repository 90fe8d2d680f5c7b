import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportedError } from './invocation.ts';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

let api: RuntimeApi;
let asked = 0;
let errors: ReportedError[] = [];
beforeEach(async () => {
  asked = 0;
  errors = [];
  api = await startRuntimeApi('arn', {
    onNext: () => {
      asked += 1;
    },
    onResponse() {},
    onError: (error) => void errors.push(error),
    onInitError() {},
    onPackage: async () => '',
  });
});
afterEach(() => api.close());

const next = (): string => `http://${api.address}/2018-06-01/runtime/invocation/next`;
const dispatch = (requestId: string): void => api.dispatch({ requestId, payload: `"${requestId}"` }, 0, '');

/** Asks until it is not refused: the server sees a moment later that a client is gone. */
async function askAgain(): Promise<Response> {
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    const answer = await fetch(next());
    if (answer.status !== 403) {
      return answer;
    }
    await answer.text();
  }
  throw new Error('still refused');
}

describe('startRuntimeApi', () => {
  it('gives an invocation to a client that asks only after it was dispatched', async () => {
    dispatch('one');
    const answer = await fetch(next());
    expect([answer.headers.get('lambda-runtime-aws-request-id'), await answer.text()]).toEqual([
      'one',
      '"one"',
    ]);
    // The client has no time that is not the invocation's.
    expect(asked).toBe(0);
  });

  it('forgets a client that has given up waiting', async () => {
    const request = get(next());
    request.on('error', () => {});
    await expect.poll(() => asked).toBe(1);
    request.destroy();
    const answer = askAgain();
    await expect.poll(() => asked).toBe(2);
    dispatch('two');
    expect(await (await answer).text()).toBe('"two"');
  });

  it.each([
    ['a header of a mebibyte, as the client for Python sends with its stack', 'x', 1_048_500],
    ['a text of a mebibyte', 'x'.repeat(1_048_576), 0],
  ])('takes an error with %s', async (_, errorMessage, headerBytes) => {
    dispatch('four');
    await (await fetch(next())).text();
    const body = JSON.stringify({ errorMessage, errorType: 'ValueError', stackTrace: ['one'] });
    const path = '/2018-06-01/runtime/invocation/four/error';
    const answer = await fetch(`http://${api.address}${path}`, {
      method: 'POST',
      headers: { 'Lambda-Runtime-Function-XRay-Error-Cause': 'x'.repeat(headerBytes) },
      body,
    });
    expect(answer.status).toBe(202);
    expect(errors).toEqual([
      { errorType: 'ValueError', errorMessage: errorMessage.slice(0, 262_144), stackTrace: ['one'] },
    ]);
  });

  it.each([
    ['text', 'text'],
    ['', ''],
    ['{"errorMessage":"told"}', 'told'],
  ])('takes the type of an error from its header where the body has none: %j', async (body, errorMessage) => {
    dispatch('five');
    await (await fetch(next())).text();
    await fetch(`http://${api.address}/2018-06-01/runtime/invocation/five/error`, {
      method: 'POST',
      headers: { 'Lambda-Runtime-Function-Error-Type': 'Extension.NotThere' },
      body,
    });
    expect(errors).toEqual([{ errorType: 'Extension.NotThere', errorMessage, stackTrace: [] }]);
  });

  it('refuses a second request while one waits, and while an invocation is not answered', async () => {
    const first = fetch(next());
    await expect.poll(() => asked).toBe(1);
    expect((await fetch(next())).status).toBe(403);
    dispatch('three');
    expect((await first).status).toBe(200);
    expect((await fetch(next())).status).toBe(403);
  });
});
