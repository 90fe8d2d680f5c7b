import { setTimeout as sleep } from 'node:timers/promises';
import {
  type StartApplicationOptions,
  type StartedApplication,
  startApplication,
} from '@oncefold/local-runtime';
import type { FunctionSeconds } from './function-seconds.ts';
import { pipelineParameters, pipelineTemplate } from './pipeline-template.ts';

export interface PipelineOptions extends Pick<StartApplicationOptions, 'onEvent' | 'onCall'> {
  /** Of the template, beside those of every figure. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A DynamoDB that runs already, and where each function sends its requests to it; one of its own unless given. */
  readonly dynamodb?: { readonly engine: string; readonly of: (functionId: string) => string };
}

/** The pipeline of this repository, on engines and in processes of its own. */
export interface Pipeline {
  readonly application: StartedApplication;
  /** CPU time of each function since it was started. */
  functionsCpuSeconds(): Promise<FunctionSeconds>;
  /**
   * Waits until something holds.
   *
   * @throws when a function or an engine has failed: such a run is no measurement
   */
  waitUntil(holds: () => boolean): Promise<void>;
  /** Waits until nothing is on its way of what was sent before, and throws as `waitUntil` does. */
  waitUntilAtRest(): Promise<void>;
  stop(): Promise<void>;
}

const CHECK_MS = 100;
const WAIT_MS_MAX = 300_000;

/** Starts the pipeline with the newest code of its functions, and the template's own settings unless others are given. */
export async function startPipeline(options: PipelineOptions = {}): Promise<Pipeline> {
  const { parameters, dynamodb, onEvent, onCall } = options;
  let failure: Error | undefined;
  const application = await startApplication({
    template: pipelineTemplate,
    parameters: { ...pipelineParameters, ...parameters },
    code: 'newest',
    ...(dynamodb !== undefined && {
      dynamodbEndpoint: dynamodb.engine,
      functionVariables: ({ logicalId }) => ({ AWS_ENDPOINT_URL_DYNAMODB: dynamodb.of(logicalId) }),
    }),
    onEvent(event) {
      if (event.type === 'invocation-failed') {
        failure ??= new Error(`${event.functionId} failed: ${event.errorMessage}`);
      }
      onEvent?.(event);
    },
    ...(onCall !== undefined && { onCall }),
  });
  void application.failed.then((error) => {
    failure ??= error;
  });
  const { running } = application;

  async function waitUntil(holds: () => boolean): Promise<void> {
    const deadline = performance.now() + WAIT_MS_MAX;
    while (failure === undefined && !holds()) {
      if (performance.now() >= deadline) {
        throw new Error(`the pipeline was not done after ${WAIT_MS_MAX / 1_000} s`);
      }
      await sleep(CHECK_MS);
    }
    if (failure !== undefined) {
      throw failure;
    }
  }

  return {
    application,
    async functionsCpuSeconds() {
      const seconds = [...running.functions].map(
        async ([id, each]) => [id, await each.cpuSeconds()] as const,
      );
      return Object.fromEntries(await Promise.all(seconds));
    },
    waitUntil,
    waitUntilAtRest() {
      const sentAt = Date.now();
      return waitUntil(() => running.isAtRest(sentAt));
    },
    stop: () => application.stop(),
  };
}
