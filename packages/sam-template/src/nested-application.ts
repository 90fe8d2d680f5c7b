import { dirname, join } from 'node:path';
import type { RawResource } from './raw-template.ts';

/** Types that nest another template, and the property that says where it is. */
const LOCATIONS: ReadonlyMap<string, string> = new Map([
  ['AWS::Serverless::Application', 'Location'],
  ['AWS::CloudFormation::Stack', 'TemplateURL'],
]);

export function nestedFile(
  { type, properties }: Pick<RawResource, 'type' | 'properties'>,
  file: string,
): string | undefined {
  const location = properties[LOCATIONS.get(type) ?? ''];
  return typeof location === 'string' && !/^[a-z0-9]+:/i.test(location)
    ? join(dirname(file), location)
    : undefined;
}
