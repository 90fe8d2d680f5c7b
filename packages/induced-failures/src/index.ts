export { InducedFailure, InducedFailureParameterError } from './errors.ts';
export {
  type InducedFailuresMiddleware,
  type InducedFailuresOptions,
  inducedFailures,
  induceFailures,
} from './induced-failures.ts';
