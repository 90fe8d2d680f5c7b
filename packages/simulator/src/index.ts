export type {
  AttributeMap,
  Execution,
  ItemChange,
  MemberThrottle,
  StoreRequest,
  TableDefinition,
} from './store/store.ts';
