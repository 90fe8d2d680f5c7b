import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from './create-command-line.ts';

interface Parsed {
  readonly command?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly exitCode?: number;
}

/** Parses what was typed, and says what would run. */
async function parse(...words: string[]): Promise<Parsed> {
  let parsed: Parsed = {};
  const program = createCommandLine('1.2.3', async ({ name, options }) => {
    parsed = { command: name, options: { ...options } };
  });
  let error = '';
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeOut: (text) => {
        error += text;
      },
      writeErr: (text) => {
        error += text;
      },
    });
  }
  try {
    await program.parseAsync(words, { from: 'user' });
    return parsed;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) {
      throw thrown;
    }
    return { error, exitCode: thrown.exitCode };
  }
}

describe('createCommandLine', () => {
  it('sends 10,000 messages with the faults of the workshop unless it is told otherwise', async () => {
    const { command, options } = await parse('demo');
    expect(command).toBe('demo');
    expect(options).toEqual({
      messages: 10_000,
      runtimeClient: 'auto',
      faults: 'workshop',
      parameterOverrides: {},
      engine: 'auto',
      json: false,
    });
  });

  it('lists what can be redriven unless it is told otherwise, and knows which names were typed', async () => {
    const { command, options } = await parse('redrive', '--stack', 'prices', '--quarantine-table', 'Own');
    expect(command).toBe('redrive');
    expect(options).toMatchObject({
      stack: 'prices',
      quarantineTable: 'Own',
      stateTable: 'StateTable',
      given: expect.arrayContaining(['quarantineTable', 'stack']),
      all: false,
      delete: false,
      dryRun: false,
      yes: false,
    });
    expect((await parse('redrive', '--send', 'b1', 'q2', '--yes')).options).toMatchObject({
      send: ['b1', 'q2'],
    });
    for (const contradiction of [
      ['--show', 'b1', '--all'],
      ['--send', 'b1', '--all'],
      ['--dismiss', 'b1', '--all'],
      ['--dismiss', 'b1', '--delete'],
      ['--failed-batches', 'folder', '--bucket', 'bucket'],
      ['--delete'],
    ]) {
      expect(await parse('redrive', ...contradiction)).toMatchObject({ exitCode: 1 });
    }
  });

  it('plays three rounds of the lab unless it is told otherwise', async () => {
    const { command, options } = await parse('workshop');
    expect(command).toBe('workshop');
    expect(options).toMatchObject({ rounds: 3, interval: 30, messages: 10_000, json: false });
    const { options: own } = await parse('workshop', '--rounds', '2', '--interval', '5', '--seed', '9');
    expect(own).toMatchObject({ rounds: 2, interval: 5, seed: 9 });
  });

  it.each(['up', 'demo', 'workshop'])(
    'shows a page for %s where it is asked for, on a port that is',
    async (command) => {
      expect((await parse(command, '--open')).options).toMatchObject({ open: true });
      expect((await parse(command, '--port', '8123')).options).toMatchObject({ open: true, port: 8_123 });
      expect((await parse(command)).options).not.toHaveProperty('open');
      expect((await parse(command, '--port', '65536')).error).toContain('from 1 to 65535');
    },
  );

  it('takes parameters of the template, several at once or one by one', async () => {
    const { options } = await parse(
      'up',
      '--parameter-overrides',
      'A=1',
      'B=x=y',
      '--parameter-overrides',
      'C=',
    );
    expect(options?.['parameterOverrides']).toEqual({ A: '1', B: 'x=y', C: '' });
  });

  it('takes faults with commas between and one by one, and none by default', async () => {
    const { options } = await parse('up', '--fault', 'redeliver=0.1,seed=4', '--fault', 'two-pollers');
    const rates = new Map([
      ['redeliver', 0.1],
      ['two-pollers', 1],
    ]);
    expect(options?.['fault']).toEqual({ rates, seed: 4 });
  });

  it.each([
    ['demo', '--messages', '0'],
    ['workshop', '--rounds', '0'],
    ['workshop', '--interval', '1.5'],
    ['workshop', '--messages', '39'],
    ['demo', '--messages', '1000001'],
    ['demo', '--messages', '1e3'],
    ['demo', '--messages', '-5'],
    ['demo', '--messages', '12.5'],
    ['demo', '--messages', 'many'],
    ['demo', '--seed', '2147483648'],
    ['demo', '--seed', '0x10'],
    ['demo', '--faults', 'all'],
    ['demo', '--strategy', 'hope'],
    ['demo', '--map-strategy', ''],
    ['demo', '--engine', 'mysql'],
    ['demo', '--parameter-overrides', 'A'],
    ['demo', '--parameter-overrides', 'A=1', 'A=2'],
    ['demo', '--kinesis-endpoint', 'localhost'],
    ['demo', '--mesages', '5'],
    ['demo', 'surplus'],
    ['up', '--messages', '5'],
    ['up', '--fault', 'earthquake=0.1'],
    ['up', '--runtime-client', 'other'],
    ['up', '--logs', 'none'],
    ['check', '--dynamodb-endpoint', 'ftp://host'],
    ['check', '--unrecorded-hierarchy-dimensions', 'A,,B'],
    ['check', '--hierarchy-dimensions', 'A,,B'],
    ['check', '--reduce-strategy', 'foo'],
    ['check', '--rate', '5'],
    ['check', '--yes'],
    ['check', '--live', '--wait=60'],
    ['check', '--failed-batches', '/no/such/folder'],
    ['rebuild', '--dry-run', '--abort'],
    ['rebuild', '--abort', '--path', 'PV'],
    ['rebuild', '--abort', '--hierarchy-dimensions', 'RiskType'],
    ['redrive', '--delete'],
    ['simulate', '--seeds', '0'],
    ['simulate', '--keys', '1'],
    ['simulate', '--seed', '1', '--keep-faults', 'meteor'],
    ['demolish'],
  ])('refuses `%s %s %s` in one line', async (...words) => {
    const { error, exitCode } = await parse(...words);
    expect(exitCode).not.toBe(0);
    expect(error).toMatch(/^error: [^\n]+\n$/);
  });

  it.each([
    ['--help'],
    ['demo', '--help'],
    ['up', '--help'],
    ['check', '--help'],
    ['compare', '--help'],
    ['simulate', '--help'],
    ['--version'],
  ])('answers `%s` with success', async (...words) => {
    expect(await parse(...words)).toMatchObject({ exitCode: 0 });
  });

  it('names the table and dimension defaults of the contract', async () => {
    const { options } = await parse('check');
    expect(options).toMatchObject({
      stateTable: 'StateTable',
      aggregateTable: 'AggregateTable',
      accountingTable: 'AccountingTable',
      unrecordedHierarchyDimensions: ['RiskType', 'TradeDesk', 'Region'],
    });
  });

  it('takes the former name of the dimensions of trades that record none', async () => {
    const { options } = await parse('check', '--hierarchy-dimensions', 'Region,RiskType');
    expect(options).toMatchObject({
      unrecordedHierarchyDimensions: ['Region', 'RiskType'],
      given: expect.arrayContaining(['unrecordedHierarchyDimensions']),
    });
  });

  it.each(['check', 'rebuild'])(
    'names both variables of the dimensions in the help of %s',
    async (command) => {
      const { error } = await parse(command, '--help');
      expect(error).toMatch(/[^_]HIERARCHY_DIMENSIONS/);
      expect(error).toContain('UNRECORDED_HIERARCHY_DIMENSIONS');
    },
  );
});
