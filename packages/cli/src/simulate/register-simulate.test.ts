import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { worldReplayCommand } from './exhaustive/world-history.ts';
import { registerSimulate } from './register-simulate.ts';
import { replayCommand, scenarioOf } from './replay/scenario.ts';
import type { SimulateOptions } from './simulate-options.ts';

/** Parses what was typed behind `oncefold simulate`; a mistake is thrown with what the person reads. */
async function parse(...words: string[]): Promise<SimulateOptions> {
  let given: object | undefined;
  let said = '';
  const program = new Command('oncefold').exitOverride();
  registerSimulate(program, async ({ options }) => {
    given = options;
  });
  // Subcommands copy these settings from their parent only when they are created.
  for (const command of program.commands) {
    command.exitOverride().configureOutput({
      writeErr: (text) => {
        said += text;
      },
    });
  }
  try {
    await program.parseAsync(['simulate', ...words], { from: 'user' });
  } catch {
    throw new Error(said);
  }
  if (given === undefined) {
    throw new Error('the command did not run');
  }
  return given as SimulateOptions;
}

describe('registerSimulate', () => {
  it('runs 10,000 histories of the commit stage from a drawn seed unless it is told otherwise', async () => {
    expect(await parse()).toEqual({
      seeds: 10_000,
      stage: 'commit',
      exhaustive: false,
      open: false,
      json: false,
    });
  });

  it('accepts numbers within their ranges', async () => {
    const words = ['--seeds', '100000000', '--base-seed', '2147483647', '--workers', '256'];
    expect(await parse(...words)).toMatchObject({
      seeds: 100_000_000,
      baseSeed: 2_147_483_647,
      workers: 256,
    });
  });

  it('replays any seed that a run can reach', async () => {
    expect(await parse('--seed', '2247483647')).toMatchObject({ seed: 2_247_483_647 });
  });

  it('accepts faults in any order', async () => {
    expect(await parse('--faults', 'regrouped, reply-lost')).toMatchObject({
      faults: ['reply-lost', 'regrouped'],
    });
  });

  it('accepts an empty list of faults that are kept', async () => {
    expect(await parse('--seed', '1', '--keep-faults', 'none', '--keep-records', 'none')).toMatchObject({
      keepFaults: [],
      keepRecords: [],
    });
  });

  it.each([
    [['--seeds', '0'], /whole number from 1 to 100000000/],
    [['--seeds', '1e3'], /whole number/],
    [['--base-seed', '2147483648'], /whole number from 0 to 2147483647/],
    [['--seed', '-1'], /whole number/],
    [['--workers', '257'], /whole number from 1 to 256/],
    [['--stage', 'quarantine'], /Allowed choices are commit, state, map, reduce, pipeline, rebuild/],
    [['--strategy', 'hope'], /Allowed choices are none, request-token/],
    [['--faults', 'meteor'], /It must be some of request-lost,reply-lost,/],
    [['--faults', 'stall,stall'], /given twice/],
    [
      ['--seed', '1', '--keep-faults', 'reply-lost'],
      /"reply-lost" is not a fault of a history: .*reply-lost:3/,
    ],
    [['--seed', '1', '--keep-faults', 'reply-lost:-1'], /is not a fault of a history/],
    [['--seed', '1', '--keep-faults', 'meteor:0'], /"meteor:0" is not a fault of a history/],
    [['--seed', '1', '--keep-faults', 'stall:0,stall:0'], /given twice/],
    [['--seed', '1', '--keep-records', '1,x'], /"x" is not the number of a record: give none, or numbers/],
    [['--seed', '1', '--shards', '0'], /whole number from 1 to 1000/],
    [['--keep-records', '1'], /'--keep-records' is of one history: name it with '--seed <number>'/],
    [['--keys', '1'], /'--keys' is of one history/],
    [['--seed', '1', '--seeds', '5'], /'--seed <number>' cannot be used with option '--seeds <count>'/],
    [['--seed', '1', '--base-seed', '5'], /cannot be used with option '--base-seed <number>'/],
    [['--module', 'mine.ts', '--strategy', 'none'], /cannot be used with option '--strategy <name>'/],
    [['--module', 'mine.ts', '--stage', 'map'], /cannot be used with option '--stage <name>'/],
    [['--stage', 'state', '--strategy', 'ledger'], /the stage state has no strategy/],
    [['--exhaustive', '--seeds', '5'], /cannot be used with option '--seeds <count>'/],
    [['--exhaustive', '--stage', 'map'], /small worlds are of the stage commit/],
    [['--world', '12'], /the number of a world and choices, .* such as 12:0,3,1/],
    [['--world', '12:0,x'], /the number of a world and choices/],
    [['--world', '1:0', '--exhaustive'], /cannot be used with option/],
  ])('refuses %j in words that help', async (words, message) => {
    await expect(parse(...words)).rejects.toThrow(message);
  });
});

describe('worldReplayCommand', () => {
  it.each([[{ world: 0, choices: [] }], [{ world: 1_391, choices: [0, 12, 3] }]])(
    'is parsed into the history that it was made of: %j',
    async (history) => {
      const [, words = ''] = worldReplayCommand('none', history).split('npm run oncefold -- simulate ');
      expect(await parse(...words.split(' '))).toMatchObject({ strategy: 'none', world: history });
    },
  );
});

describe('replayCommand', () => {
  it.each([
    [{ seed: 7 }],
    [{ seed: 7, faults: ['stall', 'regrouped'] as const }],
    [{ seed: 2_247_483_647, keptFaults: new Set<never>(), limits: { keptRecords: new Set([4, 1]) } }],
    [
      {
        seed: 0,
        keptFaults: new Set(['reply-lost:3', 'regrouped:0'] as const),
        limits: { streamsMax: 1, shardsMax: 2, concurrencyMax: 3, keysMax: 4 },
      },
    ],
  ])('is parsed into the scenario that it was made of: %j', async (scenario) => {
    const command = replayCommand({ kind: 'stage', stage: 'commit', strategy: 'none' }, scenario);
    const [, words = ''] = command.split('npm run oncefold -- simulate ');
    const { seed = -1, ...options } = await parse(...words.split(' '));
    const parsed = scenarioOf(seed, options);
    expect(parsed).toEqual({ ...scenario, limits: parsed.limits });
    expect(parsed.limits).toEqual({ ...('limits' in scenario && scenario.limits) });
    expect(options).toMatchObject({ stage: 'commit', strategy: 'none' });
  });

  it('quotes the path of a module for a shell', () => {
    const source = { kind: 'module', path: "/home/it's me/a b.ts" } as const;
    expect(replayCommand(source, { seed: 1 })).toBe(
      `npm run oncefold -- simulate --module '/home/it'\\''s me/a b.ts' --seed 1`,
    );
  });
});
