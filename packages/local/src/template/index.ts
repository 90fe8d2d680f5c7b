export type {
  Application,
  FunctionResource,
  MappingResource,
  MappingSettings,
  StreamResource,
  TableResource,
} from './application.ts';
export { type ReadTemplateOptions, readTemplate } from './read-template.ts';
