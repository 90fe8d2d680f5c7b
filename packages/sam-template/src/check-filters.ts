import { createMapping, createMessageFilter, SettingsError } from '@oncefold/event-source-mapping';
import { TemplateError } from './template-error.ts';

/** What a mapping needs beside its filters; the machine that is made of it never starts. */
const EXAMPLE = {
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:example',
  startingPosition: 'TRIM_HORIZON',
} as const;
const SOURCES = {
  kinesis: 'arn:aws:kinesis:us-east-1:123456789012:stream/example',
  dynamodb: 'arn:aws:dynamodb:us-east-1:123456789012:table/example/stream/2025-01-01T00:00:00.000',
} as const;

/**
 * Checks the patterns of a mapping by what runs them, so that a refused one is named by its place.
 *
 * @param where - place of the filters
 * @throws {@link TemplateError} when Lambda would refuse a pattern
 */
export function checkFilters(
  filters: readonly { readonly pattern: string }[],
  kind: keyof typeof SOURCES | 'sqs',
  where: string,
): void {
  for (const [index, filter] of filters.entries()) {
    try {
      checkFilter(filter, kind);
    } catch (error) {
      if (!(error instanceof SettingsError)) {
        throw error;
      }
      const place = `${where}.${index}.Pattern`;
      throw new TemplateError(place, `the pattern is refused: ${error.message}`, { cause: error });
    }
  }
}

function checkFilter(filter: { readonly pattern: string }, kind: keyof typeof SOURCES | 'sqs'): void {
  if (kind === 'sqs') {
    createMessageFilter([filter]);
    return;
  }
  const source = { kind, arn: SOURCES[kind], region: 'us-east-1' };
  createMapping({ ...EXAMPLE, source, filterCriteria: { filters: [filter] } }, { random: () => 0 });
}
