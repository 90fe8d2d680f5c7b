import { stageName } from './progress-view.ts';
import type { Pipeline } from './start-pipeline.ts';

/** How each function commits, by its logical id. */
export function strategiesOf({ application }: Pipeline): Readonly<Record<string, string>> {
  const pairs = application.functions.flatMap(({ logicalId, environment }) =>
    environment['STRATEGY'] === undefined ? [] : [[logicalId, environment['STRATEGY']] as const],
  );
  return Object.fromEntries(pairs);
}

/** The same in words, such as `reduce ledger`. */
export function strategyFacts(pipeline: Pipeline): readonly string[] {
  return Object.entries(strategiesOf(pipeline)).map(
    ([functionId, strategy]) => `${stageName({ functionId })} ${strategy}`,
  );
}
