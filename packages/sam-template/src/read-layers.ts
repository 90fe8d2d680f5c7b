import { z } from 'zod';
import type { RawResource } from './raw-template.ts';
import { type ReadingContext, readProperties } from './resource-properties.ts';
import { LAMBDA_LAYER, SERVERLESS_LAYER } from './support/function-properties.ts';

const properties = z.object({ ContentUri: z.unknown().optional(), Content: z.unknown().optional() });

/**
 * Reads the directory of a layer.
 *
 * @returns undefined for a layer whose content is in a bucket, which is reported
 */
export function readLayer(
  logicalId: string,
  resource: RawResource,
  context: ReadingContext,
): string | undefined {
  const found = readProperties(
    {
      properties: resource.properties,
      where: `Resources.${logicalId}.Properties`,
      support: resource.type === 'AWS::Serverless::LayerVersion' ? SERVERLESS_LAYER : LAMBDA_LAYER,
      schema: properties,
      mayBeUnknown: () => true,
    },
    context,
  );
  const content = found.ContentUri ?? found.Content;
  if (typeof content === 'string' && !/^[a-z0-9]+:/i.test(content)) {
    return content;
  }
  context.report(`Resources.${logicalId}`, 'a layer whose content is in a bucket is not emulated');
  return undefined;
}
