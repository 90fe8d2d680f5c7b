// Goal: handlers run as in the runtime that the template names, whichever Node.js runs them.
// Method: real processes, one small handler for each way to answer, under the runtimes of Node.js 22 and 24.
import { describe, expect, it } from 'vitest';
import { runCode } from './run-code.ts';

async function answersOf(
  handler: string,
  { runtime = 'nodejs22.x', events = [{}] }: { runtime?: string; events?: readonly unknown[] } = {},
): Promise<{ answers: unknown[]; lines: readonly string[]; pids: readonly number[] }> {
  const files = { 'index.cjs': `exports.handler = ${handler};` };
  const { answers, reported } = await runCode({ files, runtime, events });
  return { answers, lines: reported.lines, pids: reported.pids };
}

describe('handlers with a callback', () => {
  it.each(['nodejs20.x', 'nodejs22.x'])('answer with it under %s', async (runtime) => {
    const handler = '(event, context, callback) => { callback(null, { got: event }); }';
    const { answers, pids } = await answersOf(handler, { runtime, events: [1, 2] });
    expect(answers).toEqual([{ got: 1 }, { got: 2 }]);
    expect(pids).toHaveLength(1);
  });

  it('are refused by name from nodejs24.x on', async () => {
    const { answers } = await answersOf('(event, context, callback) => callback(null, 1)', {
      runtime: 'nodejs24.x',
    });
    expect(answers).toEqual([
      expect.stringMatching(
        /^Runtime\.CallbackHandlerDeprecated: index\.handler takes a callback.*runtime is nodejs24\.x/,
      ),
    ]);
  });

  it('answer when nothing is left to do, by default', async () => {
    const handler = `(event, context, callback) => {
      callback(null, globalThis.later ?? 'not yet');
      setTimeout(() => { globalThis.later = 'done'; }, 50);
    }`;
    const { answers } = await answersOf(handler, { events: [1, 2] });
    expect(answers).toEqual(['not yet', 'done']);
  });

  it('answer at once if the context says so', async () => {
    const handler = `(event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setTimeout(() => {}, 600_000);
      callback(null, event);
    }`;
    expect((await answersOf(handler, { events: [1, 2] })).answers).toEqual([1, 2]);
  });

  it('fail with what they give as the error, and the process lives on', async () => {
    const handler = `(event, context, callback) =>
      event === 1 ? callback(new RangeError('too far')) : event === 2 ? callback('text') : callback(null, 'fine')`;
    const { answers, pids } = await answersOf(handler, { events: [1, 2, 3] });
    expect(answers).toEqual(['RangeError: too far', 'string: text', 'fine']);
    expect(pids).toHaveLength(1);
  });

  it('answer null when they never call it, and fail when an async handler never settles', async () => {
    expect((await answersOf('(event, context, callback) => {}', { events: [1, 2] })).answers).toEqual([
      null,
      null,
    ]);
    const never = await answersOf('async () => { await new Promise(() => {}); }', { events: [1, 2] });
    expect(never.answers).toEqual([
      expect.stringMatching(/^Runtime\.NodeJsExit/),
      expect.stringMatching(/^Runtime\.NodeJsExit/),
    ]);
    expect(never.pids).toHaveLength(1);
  });

  it('count once, whatever they call afterwards', async () => {
    const handler = `(event, context, callback) => {
      context.succeed('first'); callback(null, 'second'); context.fail(new Error('third'));
    }`;
    expect((await answersOf(handler, { events: [1, 2] })).answers).toEqual(['first', 'first']);
  });

  it.each([
    ['context.succeed(7)', 7],
    ['context.done(null, 7)', 7],
    ['context.done(new TypeError("seven"))', 'TypeError: seven'],
    ['context.fail(new TypeError("seven"))', 'TypeError: seven'],
    ['context.fail()', 'string: handled'],
  ])('may answer with %s', async (call, answer) => {
    expect(
      (await answersOf(`(event, context) => { setTimeout(() => {}, 600_000); ${call}; }`)).answers,
    ).toEqual([answer]);
  });

  it('have no such functions in the context from nodejs24.x on, and answer with what they return', async () => {
    const handler = '(event, context) => typeof context.done + typeof context.callbackWaitsForEmptyEventLoop';
    expect((await answersOf(handler, { runtime: 'nodejs24.x' })).answers).toEqual(['undefinedundefined']);
  });
});

describe('handlers that throw something odd', () => {
  const unreadable =
    'handled: callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';

  it.each([
    ['throw { statusCode: 400 }', 'object: [object Object]'],
    ['throw Object.create(null)', unreadable],
    ['throw Object.assign(new Error("seven"), { stack: 7 })', 'Error: seven'],
    ['throw Object.defineProperty(new Error(), "message", { get() { throw new Error("no"); } })', unreadable],
    ['throw require("node:vm").runInNewContext("new RangeError(\'elsewhere\')")', 'RangeError: elsewhere'],
  ])('fail with it, and the process lives on: %s', async (statement, answer) => {
    const { answers, pids } = await answersOf(`async () => { ${statement}; }`, { events: [1, 2] });
    expect(answers).toEqual([answer, answer]);
    expect(pids).toHaveLength(1);
  });
});

describe('what no runtime of Lambda would run as it is', () => {
  it('is named with the remedy when it is TypeScript', async () => {
    const { answers } = await runCode({ files: { 'src/app.ts': '' }, handler: 'src/app.handler' });
    expect(answers).toEqual([
      expect.stringMatching(
        /^Runtime\.ImportModuleError: .*Lambda does not run \/.*\/src\/app\.ts; build it, with `sam build`/,
      ),
    ]);
  });

  it('is named when it streams its response', async () => {
    const files = { 'index.mjs': 'export const handler = awslambda.streamifyResponse(async () => {});' };
    const { answers } = await runCode({ files });
    expect(answers).toEqual([
      expect.stringMatching(/^Runtime\.MalformedStreamingHandler: index\.handler streams its response/),
    ]);
  });

  it('is reported as a syntax error or a missing module, with its place', async () => {
    const syntax = await runCode({ files: { 'index.cjs': 'const = 1;' } });
    expect(syntax.answers).toEqual([expect.stringMatching(/^Runtime\.UserCodeSyntaxError: SyntaxError/)]);
    const missing = await runCode({ files: { 'index.cjs': "require('nowhere');" } });
    expect(missing.answers).toEqual([
      expect.stringMatching(/^Runtime\.ImportModuleError: Error: Cannot find module 'nowhere'/),
    ]);
  });
});
