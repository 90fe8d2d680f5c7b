import type { Hierarchy } from '@oncefold/reducer';
import { createWorkload, namedDimensions, type Truth, truthOf, type Workload } from '@oncefold/workshop';

/** The messages of a demonstration, and what they must add up to. */
export interface Load {
  readonly workload: Workload;
  readonly truth: Truth;
}

/** One message in so many is invalid. */
const INVALID_SHARE = 500;
/** When the first trade was made; the same for every run, so that a seed makes the same bytes each time. */
const START_MILLISECONDS = 1_763_884_800_000;

/** Makes the messages of a demonstration. */
export function createLoad(options: {
  readonly messages: number;
  readonly seed: number;
  readonly hierarchy: Hierarchy;
}): Load {
  const { messages, seed } = options;
  const workload = createWorkload({
    messages,
    seed,
    startMilliseconds: START_MILLISECONDS,
    dimensions: namedDimensions(options.hierarchy.dimensions),
    invalid: Math.floor(messages / INVALID_SHARE),
  });
  const sent = workload.calls.flatMap((call) => call.messages);
  return { workload, truth: truthOf(sent, workload.dimensions) };
}
