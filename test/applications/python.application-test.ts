// Goal: applications as teams write them in Python run unchanged, under Amazon's own runtime client.
// Method: as for Node.js; where a file of the SAM CLI says how it runs, the command line reads that file.
import { describe, expect, it } from 'vitest';
import { runApplication } from './support/run-application.ts';
import { startCommand } from './support/start-command.ts';

describe('an application in Python', () => {
  it('is fed through a fan-out consumer and through aliases, which its functions are told', async () => {
    const { send, items } = await runApplication('fan-out-consumer/template.yaml');
    await send('Readings', '20.5');
    const lambda = 'arn:aws:lambda:us-east-1:000000000000:function:';
    const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/Readings';
    expect(await items('Arns')).toEqual([
      { id: `${lambda}FastFunction:live`, source: expect.stringMatching(`^${stream}/consumer/fast:\\d+$`) },
      { id: `${lambda}PlainFunction:blue`, source: stream },
      { id: `${lambda}PlainFunction:green`, source: stream },
    ]);
  });

  it('finds its own stream by the ARN of its environment, whatever Region its clients are of', async () => {
    const { application, write, items } = await runApplication('stream-reader/template.yaml');
    const table = application.tables.find(({ logicalId }) => logicalId === 'T')?.tableName ?? '';
    await write(table, { id: 'one' });
    expect(await items('Findings')).toEqual([{ id: 'one', isSameArn: true, tableName: table }]);
    expect(application.invocations()).toMatchObject([{ attempt: 1, outcome: 'succeeded' }]);
  });

  it('may have its code in the template, beside one in Node.js, and read a replica of a global table', async () => {
    const { application, write, items } = await runApplication('inline-code/template.yaml');
    await write('orders', { id: '1' });
    expect(await items('kept')).toEqual([{ id: 'node 1 from orders' }, { id: 'python 1' }]);
    expect(application.notEmulated).toEqual([]);
  });

  it('has its layers, nested applications, and the settings of samconfig.toml', async () => {
    const settings = ['--config-env', 'test', '--env-vars', 'env.json'];
    const command = await startCommand('layers', ...settings);
    await command.send('Lines', 'one');
    expect(await command.items('kept-test')).toEqual([{ greeting: 'from env.json', id: 'ONE' }]);
    expect(await command.items('audit')).toEqual([{ greeting: 'from env.json', id: 'ONE' }]);
    expect(await command.stop()).toBe(0);
  });
});
