import type { MappingResource } from './application.ts';
import { findFunction, type MappingEnds } from './mapping-ends.ts';
import { readSettings } from './mapping-settings.ts';
import type { RawResource } from './raw-template.ts';
import type { ReadingContext } from './resource-properties.ts';
import { QUEUE_MAPPING, STREAM_MAPPING } from './support/mapping-properties.ts';
import { Unknown } from './unknown.ts';

/** Reads an `AWS::Lambda::EventSourceMapping`. */
export function readMapping(
  logicalId: string,
  resource: RawResource,
  ends: MappingEnds,
  context: ReadingContext,
): MappingResource | undefined {
  const { properties } = resource;
  const where = `Resources.${logicalId}.Properties`;
  const arn = textOf('EventSourceArn', { properties, where }, context);
  const source = typeof arn === 'string' ? ends.sources.get(arn) : undefined;
  if (source === undefined) {
    // Mappings of brokers have settings of their own, which are not checked here.
    context.report(
      `Resources.${logicalId}`,
      `the source of the mapping (${describe(arn)}) is no stream or queue in this template${whyNoSource(arn)}`,
    );
    return undefined;
  }
  const name = textOf('FunctionName', { properties, where }, context);
  const target = typeof name === 'string' ? findFunction(name, ends) : undefined;
  if (target === undefined) {
    context.report(
      `Resources.${logicalId}`,
      `the function of the mapping (${describe(name)}) is not in this template, or cannot run here`,
    );
    return undefined;
  }
  const support = source.kind === 'sqs' ? QUEUE_MAPPING : STREAM_MAPPING;
  const isFifo = ends.fifoQueues.has(source.logicalId);
  return {
    logicalId,
    ...target,
    ...readSettings({ properties, where, source, isFifo, support }, context),
  };
}

/** The text of a property that names an end of a mapping; undefined where there is none. */
export function textOf(
  name: string,
  { properties, where }: { readonly properties: RawResource['properties']; readonly where: string },
  { resolver }: Pick<ReadingContext, 'resolver'>,
): string | Unknown | undefined {
  const value = resolver.compute(properties[name] ?? undefined, `${where}.${name}`);
  return typeof value === 'string' || value instanceof Unknown ? value : undefined;
}

/** Says which end of a mapping is not here. */
export function describe(end: string | Unknown | undefined): string {
  return end instanceof Unknown ? end.what : (end ?? 'none');
}

/** Explains the two frequent mistakes: `Ref` of a stream or queue is no ARN, and that of a table is not its stream's. */
export function whyNoSource(end: string | Unknown | undefined): string {
  if (typeof end !== 'string') {
    return '';
  }
  if (!end.startsWith('arn:')) {
    return ': it is no ARN, which Fn::GetAtt gives';
  }
  return /:table\/[^/]+$/.test(end)
    ? ': it is the ARN of a table, whose stream has the attribute StreamArn'
    : '';
}
