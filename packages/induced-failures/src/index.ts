export { InducedFailure, InducedFailureParameterError } from './errors.ts';
export {
  type InducedFailuresMiddleware,
  type InducedFailuresOptions,
  inducedFailures,
} from './induced-failures.ts';
