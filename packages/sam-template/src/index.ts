export { ABSENT } from './absent.ts';
export {
  type Application,
  type FunctionResource,
  isStreamMapping,
  type MappingResource,
  type MappingSettings,
  type QueueMapping,
  type QueueMappingSettings,
  type QueueResource,
  type StreamMapping,
  type StreamResource,
  type TableResource,
} from './application.ts';
export type { DeployedValues } from './place.ts';
export { readDocuments } from './read-documents.ts';
export { type ReadTemplateOptions, readTemplate } from './read-template.ts';
export { createdResources, openStack, withNested } from './stack.ts';
