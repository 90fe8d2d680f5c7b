import { unknownType } from './nearest-name.ts';
import { LANGUAGE_EXTENSIONS, TRANSFORM } from './raw-template.ts';
import { createdResources, type Stack } from './stack.ts';
import { RESOURCES } from './support/resource-support.ts';

/** Reports what a template has as a whole and is not emulated: macros, and types of resources. */
export function reportSections(
  stack: Stack,
  ignore: (logicalId: string, type: string, property?: string) => void,
): void {
  for (const name of stack.raw.transforms) {
    if (name !== TRANSFORM && name !== LANGUAGE_EXTENSIONS) {
      stack.report('Transform', `${name} is not emulated`);
    }
  }
  for (const { place, what } of stack.raw.notes) {
    stack.report(place, what);
  }
  for (const [id, { type }] of createdResources(stack)) {
    const support = RESOURCES.get(type);
    const isNesting = type === 'AWS::Serverless::Application' || type === 'AWS::CloudFormation::Stack';
    if (support === undefined) {
      stack.report(`Resources.${id}`, unknownType(type, [...RESOURCES.keys()]));
    } else if (isNesting && stack.nested(id) === undefined) {
      stack.report(`Resources.${id}`, `${type} is not emulated`);
    } else if (support.treatment === 'ignored') {
      ignore(stack.qualify(id), type);
    }
  }
}
