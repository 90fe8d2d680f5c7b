import { compileFilters } from './compile-filters.ts';
import { compilePattern, type EventPattern } from './event-pattern.ts';
import { parseWithNumberText } from './json-with-number-text.ts';
import type { FilterPattern } from './settings-types.ts';

const OBJECT_OR_LIST = /^\s*[{[]/;

interface MessagePattern {
  readonly matches: EventPattern['matches'];
  /** What the pattern expects of a body, if it says anything about it. */
  readonly body: 'json' | 'text' | undefined;
}

/**
 * Makes the filter of a mapping whose source is an SQS queue; a message passes when it matches one of the patterns.
 *
 * A pattern with an object under `body` looks into a body that is a JSON object, one with a list compares the whole body as
 * text. A body of the other form does not match. The mapping deletes what does not pass from the queue.
 *
 * @param filters - patterns as JSON text
 * @returns whether an event record passes; undefined where there is no pattern, and so every message passes
 * @throws {@link SettingsError} when a pattern is none
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 *
 * @example
 * ```ts
 * import { createMessageFilter } from '@oncefold/event-source-mapping';
 *
 * const passes = createMessageFilter([{ pattern: '{"body":{"status":["paid"]}}' }]);
 * passes?.({ body: '{"status":"paid"}' }); // => true
 * ```
 */
export function createMessageFilter(
  filters: readonly FilterPattern[],
): ((message: { readonly body: string }) => boolean) | undefined {
  if (filters.length === 0) {
    return undefined;
  }
  const patterns = compileFilters(filters, compileMessagePattern);
  return (message) => {
    const json = parseObject(message.body);
    const form = json === undefined ? 'text' : 'json';
    const view = { ...message, body: json ?? message.body };
    return patterns.some(({ matches, body }) => (body === undefined || body === form) && matches(view));
  };
}

export function compileMessagePattern(text: string): MessagePattern {
  const { names, matches } = compilePattern(text);
  if (names.includes('body')) {
    return { matches, body: 'text' };
  }
  return { matches, body: names.some((name) => name.startsWith('body.')) ? 'json' : undefined };
}

function parseObject(body: string): object | undefined {
  if (!OBJECT_OR_LIST.test(body)) {
    return undefined;
  }
  try {
    return parseWithNumberText(body) as object;
  } catch {
    // Not JSON.
  }
  return undefined;
}
