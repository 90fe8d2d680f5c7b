import type { Scenario } from '@oncefold/simulator';
import type { SimulateOptions } from '../simulate-options.ts';
import type { SimulationSource } from '../simulations/simulation-source.ts';
import { NOTHING } from './kept-values.ts';

type ScenarioOptions = Pick<
  SimulateOptions,
  'faults' | 'keepFaults' | 'keepRecords' | 'streams' | 'shards' | 'processes' | 'keys' | 'programs'
>;

/** What the options say of one history. */
export function scenarioOf(seed: number, options: ScenarioOptions): Scenario {
  const { faults, keepFaults, keepRecords, streams, shards, processes, keys, programs } = options;
  return {
    seed,
    faults,
    keptFaults: keepFaults && new Set(keepFaults),
    limits: {
      keptRecords: keepRecords && new Set(keepRecords),
      streamsMax: streams,
      shardsMax: shards,
      concurrencyMax: processes,
      keysMax: keys,
      programsMax: programs,
    },
  };
}

/** The command that makes exactly this history again: {@link scenarioOf}, the other way round. */
export function replayCommand(source: SimulationSource, scenario: Scenario): string {
  const { seed, faults, keptFaults, limits = {} } = scenario;
  const { keptRecords, streamsMax, shardsMax, concurrencyMax, keysMax, programsMax } = limits;
  const what =
    source.kind === 'module'
      ? ['--module', quoted(source.path)]
      : ['--stage', source.stage, ...valued('--strategy', source.strategy)];
  return [
    'npm run oncefold -- simulate',
    ...what,
    '--seed',
    seed,
    ...valued('--faults', faults?.join(',')),
    ...valued('--keep-faults', keptFaults && listed(keptFaults)),
    ...valued('--keep-records', keptRecords && listed(keptRecords)),
    ...valued('--streams', streamsMax),
    ...valued('--shards', shardsMax),
    ...valued('--processes', concurrencyMax),
    ...valued('--keys', keysMax),
    ...valued('--programs', programsMax),
  ].join(' ');
}

function valued(flag: string, value: string | number | undefined): readonly (string | number)[] {
  return value === undefined ? [] : [flag, value];
}

function listed(values: ReadonlySet<string | number>): string {
  return values.size === 0 ? NOTHING : [...values].join(',');
}

/** A path as a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
