import { InvalidArgumentError } from 'commander';
import type { WorldHistory } from '../simulate-options.ts';
import type { StrategyName } from '../simulations/simulation-names.ts';

/** Reads the name of a history of a small world: the world's number, and the choices in it. */
export function parseWorldHistory(text: string): WorldHistory {
  const [, world, choices] = /^(\d{1,6}):((?:\d{1,3}(?:,\d{1,3})*)?)$/.exec(text) ?? [];
  if (world === undefined || choices === undefined) {
    throw new InvalidArgumentError(
      'It must be the number of a world and choices, as --exhaustive prints them, such as 12:0,3,1.',
    );
  }
  return { world: Number(world), choices: choices === '' ? [] : choices.split(',').map(Number) };
}

/** The command that makes exactly this history again. */
export function worldReplayCommand(strategy: StrategyName, { world, choices }: WorldHistory): string {
  return `npm run oncefold -- simulate --strategy ${strategy} --world ${world}:${choices.join(',')}`;
}
