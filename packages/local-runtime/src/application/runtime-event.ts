import type { InjectedFault } from '../fault-injection/injected-fault.ts';
import type { MappingEvent } from '../streams/mapping-event.ts';

/** What happens in a running application. */
export type ApplicationEvent =
  | { readonly type: 'function-started'; readonly functionId: string; readonly pid: number }
  | {
      readonly type: 'function-exited';
      readonly functionId: string;
      readonly pid: number;
      /** Why it ended, such as `timeout`, `exit status 1`, `signal: SIGKILL`, `stopped`. */
      readonly reason: string;
    }
  /** The function's code has changed: its next invocation gets a process of the new code. */
  | { readonly type: 'function-reloaded'; readonly functionId: string }
  | {
      /** The function could not be initialized, however often; it is tried again when its code changes. */
      readonly type: 'function-broken';
      readonly functionId: string;
      readonly errorType: string;
      readonly errorMessage: string;
    }
  | MappingEvent
  | {
      /** The function has sent a request to a service that does not exist here; it was refused. */
      readonly type: 'unemulated-service-called';
      readonly functionId: string;
      /** The service's id in lower case, such as `s3` or `secrets_manager`. */
      readonly service: string;
      /** Name of the operation where the request says it, else method and path. */
      readonly operation: string;
      /** Variable of AWS SDKs that points the service elsewhere. */
      readonly variable: string;
    }
  | {
      readonly type: 'log';
      readonly functionId: string;
      readonly output: 'stdout' | 'stderr';
      readonly line: string;
    }
  /** Something that whoever runs the application should know about a function. */
  | { readonly type: 'notice'; readonly functionId: string; readonly message: string }
  | { readonly type: 'application-failed'; readonly errorType: string; readonly errorMessage: string };

/**
 * What happens in a running application, as it happens.
 *
 * Events never carry records or payloads, with two exceptions: `log` carries what the function itself wrote, and
 * `destination-document` what its destination would have got.
 */
export type RuntimeEvent =
  /** `at` is in milliseconds since the epoch. */
  (ApplicationEvent & { readonly at: number }) | ({ readonly type: 'fault-injected' } & InjectedFault);
