import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

let api: RuntimeApi;
let asked = 0;
beforeEach(async () => {
  asked = 0;
  api = await startRuntimeApi('arn', {
    onNext: () => {
      asked += 1;
    },
    onResponse() {},
    onError() {},
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

  it('refuses a second request while one waits, and while an invocation is not answered', async () => {
    const first = fetch(next());
    await expect.poll(() => asked).toBe(1);
    expect((await fetch(next())).status).toBe(403);
    dispatch('three');
    expect((await first).status).toBe(200);
    expect((await fetch(next())).status).toBe(403);
  });
});
