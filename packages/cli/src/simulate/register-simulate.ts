import { faultDescriptions, faultKinds } from '@oncefold/simulator/fault-kinds';
import { type Command, Option } from 'commander';
import type { RunCommand } from '../command-line/command.ts';
import { parseNames, parseWholeNumber } from '../command-line/option-values.ts';
import { parseWorldHistory } from './exhaustive/world-history.ts';
import { parseKeptFaults, parseKeptRecords } from './replay/kept-values.ts';
import type { SimulateOptions } from './simulate-options.ts';
import { stageDescriptions, stageNames, strategyNames } from './simulations/simulation-names.ts';

/** More would take days. */
const SEEDS_MAX = 100_000_000;
const SEEDS = 10_000;
/** A run begins at a seed of 31 bits; its last one may be as high as this. */
const BASE_SEED_MAX = 2 ** 31 - 1;
const SEED_MAX = BASE_SEED_MAX + SEEDS_MAX;
const WORKERS_MAX = 256;
/** Of streams, shards, processes, keys and programs; no history has so many. */
const LIMIT_MAX = 1_000;

/** Options that say which part of one history happens, with the flags that a user types. */
const ofOneHistory = {
  keepFaults: '--keep-faults',
  keepRecords: '--keep-records',
  streams: '--streams',
  shards: '--shards',
  processes: '--processes',
  keys: '--keys',
  programs: '--programs',
} as const;

/** Adds `oncefold simulate` to the command line. */
export function registerSimulate(program: Command, run: RunCommand): void {
  const command = program
    .command('simulate')
    .description('Run thousands of histories with faults on a simulated AWS, and check every sum in each.')
    .option(
      '--seeds <count>',
      `how many histories, 1 to ${SEEDS_MAX}, with consecutive seeds`,
      parseWholeNumber(1, SEEDS_MAX),
      SEEDS,
    )
    .option(
      '--base-seed <number>',
      'the first seed: same seeds, same histories; drawn and printed if absent',
      parseWholeNumber(0, BASE_SEED_MAX),
    )
    .addOption(
      new Option('--stage <name>', 'what is simulated; see below').choices(stageNames).default('commit'),
    )
    .addOption(
      new Option(
        '--strategy <name>',
        'how the stage commits (default: commit runs ledger and checkpoint, one after the other; other stages draw one of the two for each history)',
      ).choices(strategyNames),
    )
    .addOption(
      new Option(
        '--module <file>',
        'simulate your own: a file that exports `simulation`, such as commitStage makes',
      ).conflicts(['stage', 'strategy']),
    )
    .option('--faults <names>', 'only some of the faults below (default: all)', (text: string) =>
      parseNames(text, faultKinds),
    )
    .option(
      '--workers <count>',
      `threads, 1 to ${WORKERS_MAX} (default: one for each core)`,
      parseWholeNumber(1, WORKERS_MAX),
    );
  addReplayOptions(command);
  addWorldOptions(command);
  command
    .option('--open', 'show the timeline page of the history in a browser', false)
    .option('--output <file>', 'where the timeline page is written (with --open a temporary file by default)')
    .option('--json', 'one JSON object on standard output, progress on standard error', false)
    .addHelpText('after', help)
    .action((options: SimulateOptions) => {
      const contradiction = findContradiction(options);
      if (contradiction !== undefined) {
        command.error(`error: ${contradiction}`);
      }
      return run({
        name: 'simulate',
        options,
        load: async () => (await import('./simulate-command.ts')).simulateCommand,
      });
    });
}

/** What two options that are each right cannot say together. */
function findContradiction(options: SimulateOptions): string | undefined {
  const { seed, stage, strategy, exhaustive, world } = options;
  const { strategies } = stageDescriptions[stage];
  if (strategy !== undefined && !strategies.includes(strategy)) {
    return strategies.length === 0
      ? `the stage ${stage} has no strategy`
      : `the stage ${stage} can have ${strategies.join(', ')}, and not ${strategy}`;
  }
  if (stage !== 'commit' && (exhaustive || world !== undefined)) {
    return 'small worlds are of the stage commit';
  }
  const orphan = Object.entries(ofOneHistory).find(
    ([name]) => seed === undefined && Object.hasOwn(options, name),
  );
  return orphan && `option '${orphan[1]}' is of one history: name it with '--seed <number>'`;
}

function addReplayOptions(command: Command): void {
  const limit = parseWholeNumber(1, LIMIT_MAX);
  command
    .addOption(
      new Option('--seed <number>', 'replay the history of one seed, step by step (of ledger by default)')
        .argParser(parseWholeNumber(0, SEED_MAX))
        .conflicts(['seeds', 'baseSeed', 'workers']),
    )
    .option(
      '--keep-faults <names>',
      'with --seed: only these faults, such as reply-lost:3,regrouped:0, or none',
      parseKeptFaults,
    )
    .option('--keep-records <numbers>', 'with --seed: only these records, such as 1,4', parseKeptRecords)
    .option('--streams <most>', 'with --seed: at most so many streams', limit)
    .option('--shards <most>', 'with --seed: at most so many shards of a stream', limit)
    .option('--processes <most>', 'with --seed: at most so many sandboxes of a function', limit)
    .option('--keys <most>', 'with --seed: at most so many keys of a record', limit)
    .option('--programs <most>', 'with --seed: at most so many programs beside the functions', limit);
}

function addWorldOptions(command: Command): void {
  const withoutSeeds = ['seeds', 'baseSeed', 'seed', 'module', 'faults', 'open', 'output'];
  command
    .addOption(
      new Option(
        '--exhaustive',
        'search all small worlds instead: two deliveries of 4 records, every order, up to two faults',
      )
        .default(false)
        .conflicts(withoutSeeds),
    )
    .addOption(
      new Option('--world <number:choices>', 'replay a history that --exhaustive has found')
        .argParser(parseWorldHistory)
        .conflicts([...withoutSeeds, 'exhaustive', 'workers']),
    );
}

const help = `
Stages:
${stageNames.map((name) => `  ${name.padEnd(26)} ${stageDescriptions[name].title}`).join('\n')}

Faults:
${faultKinds.map((kind) => `  ${kind.padEnd(26)} ${faultDescriptions[kind]}`).join('\n')}

A violation is made small, and told step by step with the command that replays it. Where a strategy does not promise to
be exact (none, request-token), violations are told and are no failure.

Exit status: 0 no promise was broken; 1 one was, or 1,000 histories and more have not met all that they should;
             2 it could not run.`;
