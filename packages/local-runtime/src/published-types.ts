/**
 * What the published command line shows of this package to tests of others.
 *
 * These modules import nothing, so that their declarations can be published without those of everything else.
 */
export type { Faults } from './fault-injection/fault-settings.ts';
export {
  ApplicationFailedError,
  NotIdleError,
  ShardBlockedError,
  StoppedError,
} from './observed/idle-errors.ts';
export type {
  ObservedDestinationDocument,
  ObservedError,
  ObservedInvocation,
  ObservedLogLine,
} from './observed/observed-invocation.ts';
export { StartError } from './start/start-error.ts';
