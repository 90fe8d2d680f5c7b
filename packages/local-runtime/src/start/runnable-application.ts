import type { Application, QueueResource } from '@oncefold/sam-template';

/**
 * Leaves out the functions that nothing here would ever invoke: those of an API or a schedule.
 *
 * They are not even loaded: their start may need what does not exist here.
 */
export function runnableApplication(application: Application): Application {
  const mappings = application.mappings.filter(({ settings }) => settings.enabled);
  const fed = new Set(mappings.map(({ functionLogicalId }) => functionLogicalId));
  const paused = new Set(application.mappings.map(({ functionLogicalId }) => functionLogicalId));
  const reason = (logicalId: string): string =>
    paused.has(logicalId)
      ? 'its event source mappings are not enabled: it is not run'
      : 'no stream or queue feeds this function: it is not run';
  const idle = application.functions.filter(({ logicalId }) => !fed.has(logicalId));
  const strays = application.queues.filter((queue) => !hasDeadLetterQueue(queue, application));
  return {
    ...application,
    functions: application.functions.filter(({ logicalId }) => fed.has(logicalId)),
    queues: application.queues.map((queue) => (strays.includes(queue) ? withoutRedrive(queue) : queue)),
    mappings,
    unsupported: [
      ...application.unsupported,
      ...strays.map(reportStray),
      ...idle.map(({ logicalId }) => ({ logicalId, what: reason(logicalId) })),
    ],
  };
}

/** Leaves the tables, streams and queues, for functions that run elsewhere. */
export function withoutFunctions(application: Application): Application {
  return { ...application, functions: [], mappings: [] };
}

function hasDeadLetterQueue({ redrivePolicy }: QueueResource, { queues }: Application): boolean {
  const arn = redrivePolicy?.deadLetterTargetArn;
  return arn === undefined || queues.some(({ queueName }) => arn.endsWith(`:${queueName}`));
}

function withoutRedrive({ redrivePolicy: _, ...queue }: QueueResource): QueueResource {
  return queue;
}

function reportStray({ logicalId, redrivePolicy }: QueueResource): Application['unsupported'][number] {
  return {
    logicalId,
    what: `its dead-letter queue (${redrivePolicy?.deadLetterTargetArn}) is not in this template: messages are received without limit`,
  };
}
