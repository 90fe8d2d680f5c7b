import { createWorkload } from './create-workload.ts';
import { namedDimensions } from './dimensions.ts';
import { type Truth, truthOf } from './truth-of.ts';
import type { Workload } from './workload.ts';

/** The messages of a demonstration, and what they must add up to. */
export interface DemoLoad {
  readonly workload: Workload;
  readonly truth: Truth;
}

/** One message in so many is invalid. */
const INVALID_SHARE = 500;
/** When the first trade was made; the same for every run, so that a seed makes the same bytes each time. */
const START_MILLISECONDS = 1_763_884_800_000;

/**
 * Makes the messages that `oncefold demo` sends.
 *
 * @param options.dimensions - names of what the pipeline sums by, from the root down
 */
export function createDemoLoad(options: {
  readonly messages: number;
  readonly seed: number;
  readonly dimensions: readonly string[];
}): DemoLoad {
  const { messages, seed, dimensions } = options;
  const workload = createWorkload({
    messages,
    seed,
    startMilliseconds: START_MILLISECONDS,
    dimensions: namedDimensions(dimensions),
    invalid: Math.floor(messages / INVALID_SHARE),
  });
  const sent = workload.calls.flatMap((call) => call.messages);
  return { workload, truth: truthOf(sent, workload.dimensions) };
}
