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
