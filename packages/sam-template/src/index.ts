export { ABSENT } from './absent.ts';
export type {
  Application,
  FunctionResource,
  MappingResource,
  MappingSettings,
  StreamResource,
  TableResource,
} from './application.ts';
export { readDocuments } from './read-documents.ts';
export { readTemplate } from './read-template.ts';
export { createdResources, openStack, withNested } from './stack.ts';
