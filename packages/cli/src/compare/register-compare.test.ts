import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { CompareOptions } from './compare-options.ts';
import { registerCompare } from './register-compare.ts';

async function parse(...words: string[]): Promise<CompareOptions> {
  let given: object | undefined;
  const program = new Command('oncefold').exitOverride().configureOutput({ writeErr: () => {} });
  registerCompare(program, async ({ options }) => {
    given = options;
  });
  // Subcommands copy these settings from their parent only when they are created.
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
  }
  await program.parseAsync(['compare', ...words], { from: 'user' });
  if (given === undefined) {
    throw new Error('the command did not run');
  }
  return given as CompareOptions;
}

describe('registerCompare', () => {
  it('compares everything unless something is chosen', async () => {
    expect(await parse()).toEqual({ seed: 42, quick: false, json: false });
  });

  it('accepts names in any order and returns them in the order of the report', async () => {
    const options = await parse('--strategies', 'ledger,none', '--faults', 'zombie, crash', '--stage', 'map');
    expect(options).toMatchObject({
      strategies: ['none', 'ledger'],
      faults: ['crash', 'zombie'],
      stage: 'map',
    });
  });

  it('accepts one number of transactions', async () => {
    expect(await parse('--transactions', 'several')).toMatchObject({ transactions: 'several' });
  });

  it('accepts numbers within their ranges', async () => {
    expect(await parse('--messages', '60', '--seed', '0')).toMatchObject({ messages: 60, seed: 0 });
  });

  it.each([
    ['--messages', '59'],
    ['--messages', '10001'],
    ['--messages', '1e3'],
    ['--seed', '-1'],
    ['--strategies', 'ledger,ledgers'],
    ['--strategies', ''],
    ['--strategies', 'ledger,ledger'],
    ['--faults', 'meteor'],
    ['--stage', 'state'],
    ['--transactions', '2'],
    ['--unknown', 'x'],
  ])('refuses %s %j', async (...words) => {
    await expect(parse(...words)).rejects.toMatchObject({ code: expect.stringMatching(/^commander\./) });
  });
});
