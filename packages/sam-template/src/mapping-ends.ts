import type { QueueSource, StreamSource } from './application.ts';
import { parseFunctionName } from './function-name.ts';
import type { Place } from './place.ts';

/** The functions, streams and queues that a mapping may connect, by the names that a template may use for them. */
export interface MappingEnds {
  /** Logical ids of the functions that can run, by ARN. */
  readonly functions: ReadonlyMap<string, string>;
  /** Streams and queues by ARN. */
  readonly sources: ReadonlyMap<string, StreamSource | QueueSource>;
  /** Logical ids of the queues that are FIFO. */
  readonly fifoQueues: ReadonlySet<string>;
  readonly place: Place;
}

/** The function that a mapping names. */
export function findFunction(
  name: string,
  { functions, place }: MappingEnds,
): { readonly functionLogicalId: string; readonly functionQualifier?: string } | undefined {
  const parsed = parseFunctionName(name, place);
  const functionLogicalId = functions.get(parsed?.arn ?? '');
  if (functionLogicalId === undefined) {
    return undefined;
  }
  const qualifier = parsed?.qualifier;
  return {
    functionLogicalId,
    ...(qualifier !== undefined && qualifier !== '$LATEST' && { functionQualifier: qualifier }),
  };
}
