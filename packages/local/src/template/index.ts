export type {
  Application,
  FunctionResource,
  MappingResource,
  MappingSettings,
  MappingSource,
  StreamResource,
  TableResource,
  UnsupportedFeature,
} from './application.ts';
export { type ReadTemplateOptions, readTemplate } from './read-template.ts';
export { TemplateError } from './template-error.ts';
