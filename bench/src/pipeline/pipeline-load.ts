import { createWorkload, namedDimensions, type Truth, truthOf, type Workload } from '@oncefold/workshop';

/** One message in so many is invalid, as in a demonstration. */
const INVALID_SHARE = 500;
const START_MILLISECONDS = 1_763_884_800_000;

/** Makes the messages that `oncefold demo` sends, and what they must add up to. */
export function createPipelineLoad(options: { readonly messages: number; readonly seed: number }): {
  readonly workload: Workload;
  readonly truth: Truth;
} {
  const workload = createWorkload({
    ...options,
    startMilliseconds: START_MILLISECONDS,
    dimensions: namedDimensions(['RiskType', 'TradeDesk', 'Region']),
    invalid: Math.floor(options.messages / INVALID_SHARE),
  });
  const sent = workload.calls.flatMap((call) => call.messages);
  return { workload, truth: truthOf(sent, workload.dimensions) };
}
