import { z } from 'zod';
import type { MappingResource } from './application.ts';
import type { MappingEnds } from './mapping-ends.ts';
import { readSettings } from './mapping-settings.ts';
import { unknownType } from './nearest-name.ts';
import { checkShape, type RawResource } from './raw-template.ts';
import { describe, textOf, whyNoSource } from './read-mappings.ts';
import type { ReadingContext } from './resource-properties.ts';
import { EVENTS } from './support/event-support.ts';
import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

const eventShape = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).nullish() });

/** Reads the mappings that a SAM function has under `Events`. */
export function readEvents(
  logicalId: string,
  resource: RawResource,
  ends: MappingEnds,
  context: ReadingContext,
): MappingResource[] {
  const resourcePlace = `Resources.${logicalId}`;
  const where = `${resourcePlace}.Properties.Events`;
  const events = checkShape(z.record(z.string(), eventShape).nullish(), resource.properties['Events'], where);
  const qualifier = publishedAlias(logicalId, resource, context);
  return Object.entries(events ?? {}).flatMap(([name, event]) => {
    const rules = EVENTS.get(event.Type);
    if (rules === undefined) {
      context.report(
        resourcePlace,
        `the event ${name} of type ${unknownType(event.Type, [...EVENTS.keys()])}`,
      );
      return [];
    }
    const { sourceProperty, kind, support } = rules;
    const place = `${where}.${name}.Properties`;
    const properties = event.Properties ?? {};
    const arn = textOf(sourceProperty, { properties, where: place }, context);
    const source = typeof arn === 'string' ? ends.sources.get(arn) : undefined;
    if (source === undefined) {
      const end = kind === 'sqs' ? 'queue' : 'stream';
      context.report(
        resourcePlace,
        `the ${end} of the event ${name} (${describe(arn)}) is not in this template${whyNoSource(arn)}`,
      );
      return [];
    }
    if (source.kind !== kind) {
      throw new TemplateError(
        `${place}.${sourceProperty}`,
        `is no source for an event of type ${event.Type}`,
      );
    }
    const isFifo = ends.fifoQueues.has(source.logicalId);
    const mapping: MappingResource = {
      logicalId: `${logicalId}${name}`,
      functionLogicalId: logicalId,
      ...(qualifier !== undefined && { functionQualifier: qualifier }),
      ...readSettings({ properties, where: place, source, isFifo, support }, context),
    };
    return [mapping];
  });
}

/** SAM's mappings invoke the alias that it publishes. */
function publishedAlias(
  logicalId: string,
  { properties }: RawResource,
  context: ReadingContext,
): string | undefined {
  const where = `Resources.${logicalId}.Properties`;
  const alias = textOf('AutoPublishAlias', { properties, where }, context);
  if (alias instanceof Unknown) {
    context.report(`${where}.AutoPublishAlias`, alias.what);
    return undefined;
  }
  return alias;
}
