// Goal: functions whose log format is JSON write what the managed runtime writes for them.
// Method: real processes with the variables of the log settings, and the lines that they write.
import { describe, expect, it } from 'vitest';
import { runCode } from './run-code.ts';

const CODE = `exports.handler = async (event) => {
  console.debug('hidden');
  console.log('plain %s', 'text');
  console.info({ orderId: 7 });
  console.warn(1n);
  console.error('it failed', new RangeError('too far'));
  if (event.fails) throw new TypeError('no');
};`;

async function linesOf(variables: Record<string, string>): Promise<readonly string[]> {
  const { reported } = await runCode({
    files: { 'index.cjs': CODE },
    variables,
    events: [{ fails: true }],
  });
  return reported.lines;
}

describe('the log format JSON', () => {
  it('makes one object of each line, with time, level and request, and leaves lower levels out', async () => {
    const lines = await linesOf({ AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' });
    const entries = lines
      .map((line) => JSON.parse(line))
      .sort((a, b) => a.timestamp.localeCompare(b.timestamp));
    const common = {
      timestamp: expect.stringMatching(/Z$/),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    };
    const error = (errorType: string, errorMessage: string): object => ({
      errorType,
      errorMessage,
      stackTrace: expect.arrayContaining([expect.stringContaining('index.cjs')]),
    });
    expect(entries).toHaveLength(5);
    expect(entries).toEqual(
      expect.arrayContaining([
        { ...common, level: 'INFO', message: 'plain text' },
        { ...common, level: 'INFO', message: { orderId: 7 } },
        { ...common, level: 'WARN', message: '1n' },
        {
          ...common,
          level: 'ERROR',
          message: expect.stringContaining('it failed RangeError: too far'),
          ...error('RangeError', 'too far'),
        },
        { ...common, level: 'ERROR', message: error('TypeError', 'no') },
      ]),
    );
  });

  it('is not used where the function does not ask for it', async () => {
    expect(await linesOf({})).toEqual(expect.arrayContaining(['hidden', 'plain text', '{ orderId: 7 }']));
  });
});
