/// <reference lib="esnext.disposable" preserve="true" />
import type {
  Faults,
  ObservedDestinationDocument,
  ObservedInvocation,
  ObservedLogLine,
} from '@oncefold/local-runtime/published-types';

/** What {@link startApplication} takes besides the template. */
export interface ApplicationOptions {
  /** Values of the template's parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Values of the functions' variables, for each function that declares them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Faults to inject, each with its chance per batch or request, and the seed of their pattern. */
  readonly faults?: Faults;
  /** Address of a DynamoDB that runs already, such as one of {@link startDynamoDb}; absent for one of its own. */
  readonly dynamodbEndpoint?: string;
  /** The DynamoDB that is started; `auto` (default) is DynamoDB Local where there is Java, and dynoxide where there is none. */
  readonly engine?: 'auto' | 'dynamodb-local' | 'dynoxide';
  /** What runs the handlers; `auto` (default) is Amazon's `aws-lambda-ric` where the project has it installed. */
  readonly runtimeClient?: 'auto' | 'aws-lambda-ric' | 'built-in';
  /** Takes every line that a function writes; nothing is printed without it. */
  readonly onLog?: (line: ObservedLogLine) => void;
  /** Takes what a start may have to say of a function, such as that its runtime is being installed. */
  readonly onNotice?: (notice: { readonly functionId: string; readonly message: string }) => void;
  /** Ends the start, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A SAM application that runs in processes of this test. It ends with {@link TestApplication.stop}, or with the test's process. */
export interface TestApplication extends AsyncDisposable {
  /** Without `sqs` for an application without queues. */
  readonly endpoints: Readonly<Record<Exclude<ServiceName, 'sqs'>, string> & { sqs?: string }>;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The same as variables of the environment, for a program that is to work on the application. */
  readonly env: Readonly<Record<string, string>>;
  readonly functions: readonly { readonly logicalId: string; readonly functionName: string }[];
  readonly tables: readonly { readonly logicalId: string; readonly tableName: string }[];
  readonly streams: readonly { readonly logicalId: string; readonly streamName: string }[];
  readonly queues: readonly { readonly logicalId: string; readonly queueName: string }[];
  /** What the template describes and nothing here does. */
  readonly notEmulated: readonly { readonly logicalId: string; readonly what: string }[];
  /**
   * Settings for an SDK client: `new KinesisClient(application.clientConfig('kinesis'))`.
   *
   * @throws when it is to be a client of SQS and the application has no queue
   */
  clientConfig(service: ServiceName): ClientConfig;
  /**
   * Invokes a function, as `InvokeCommand` does.
   *
   * @param name - its logical id or its name
   * @returns what it answered, parsed
   * @throws {@link FunctionFailedError} when the function fails
   */
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is the function's own
  invoke(name: string, event: unknown): Promise<any>;
  /**
   * Waits until everything that was written before the call has gone through all functions.
   *
   * @throws {@link ShardBlockedError} when a function fails at a batch again and again that would be retried for ever
   * @throws {@link ApplicationFailedError} when an engine or the application has ended
   * @throws {@link StoppedError} when it is stopped
   * @throws {@link NotIdleError} at the time limit, with what is not idle
   */
  waitUntilIdle(options?: WaitOptions): Promise<void>;
  /** Invocations by event source mappings in the order in which they ended; the newest 10,000, of 32 MiB together. */
  invocations(): readonly ObservedInvocation[];
  /** Lines that functions wrote; the newest 10,000. */
  logs(): readonly ObservedLogLine[];
  /** What on-failure destinations have got, or would have got if they existed here; the newest 10,000, of 32 MiB together. */
  destinations(): readonly ObservedDestinationDocument[];
  /** Faults that were injected so far, in order of time. */
  injectedFaults(): InjectedFaultsSummary;
  /** Stops the functions and the engines that were started for them. May be called again. */
  stop(): Promise<void>;
}

export type ServiceName = 'dynamodb' | 'dynamodbStreams' | 'kinesis' | 'lambda' | 'sqs';

export interface WaitOptions {
  /** Longest wait, in milliseconds; 20,000 by default. */
  readonly timeoutMs?: number;
  /** So many failed attempts at one batch that would be retried for ever end the wait; 5 by default. */
  readonly attemptsMax?: number;
  /** Whether a tumbling window that is open counts as work; true by default. */
  readonly windows?: boolean;
}

/** Settings that every client of the AWS SDK takes. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Speaks HTTP/1.1 and ends with the application; the SDK would keep an HTTP/2 session with Kinesis open. */
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own type of it differs from version to version
  readonly requestHandler: any;
}

export interface InjectedFaultsSummary {
  /** Absent when no faults are injected. */
  readonly seed?: number;
  readonly faults: readonly {
    readonly kind: string;
    /** Milliseconds since the epoch. */
    readonly at: number;
    readonly functionId: string;
    readonly mappingId: string;
    readonly batch: {
      readonly shardId: string;
      readonly firstSequenceNumber: string;
      readonly lastSequenceNumber: string;
      readonly records: number;
      readonly attempt: number;
    };
    /** Where it affected a request, the operation: such as `TransactWriteItems`. */
    readonly operation?: string;
  }[];
  /** How often each kind was injected. */
  readonly counts: Readonly<Partial<Record<Exclude<keyof Faults, 'seed'>, number>>>;
}
