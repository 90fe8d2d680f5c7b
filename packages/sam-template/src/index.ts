export { ABSENT } from './absent.ts';
export type {
  Application,
  FunctionResource,
  MappingResource,
  MappingSettings,
  StreamResource,
  TableResource,
} from './application.ts';
export { applyGlobals } from './apply-globals.ts';
export { parseTemplate } from './parse-template.ts';
export { readRawTemplate } from './raw-template.ts';
export { readTemplate } from './read-template.ts';
export { resolveParameters } from './resolve-parameters.ts';
export { createResolver, type Resolver } from './resolver.ts';
export { createResourceReferences } from './resource-references.ts';
