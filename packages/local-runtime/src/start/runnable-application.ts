import { type Application, isStreamMapping } from '@oncefold/sam-template';

/**
 * Leaves out the functions that nothing here would ever invoke: those of an API, a schedule or a queue.
 *
 * They are not even loaded: their start may need what does not exist here.
 */
export function runnableApplication(application: Application): Application {
  const streamMappings = application.mappings.filter(isStreamMapping);
  const mappings = streamMappings.filter(({ settings }) => settings.enabled);
  const fed = new Set(mappings.map(({ functionLogicalId }) => functionLogicalId));
  const paused = new Set(streamMappings.map(({ functionLogicalId }) => functionLogicalId));
  const reason = (logicalId: string): string =>
    paused.has(logicalId)
      ? 'its event source mappings are not enabled: it is not run'
      : 'no stream feeds this function: it is not run';
  const idle = application.functions.filter(({ logicalId }) => !fed.has(logicalId));
  return {
    ...application,
    functions: application.functions.filter(({ logicalId }) => fed.has(logicalId)),
    mappings,
    unsupported: [
      ...application.unsupported,
      ...application.queues.map(({ logicalId }) => ({ logicalId, what: 'AWS::SQS::Queue is not emulated' })),
      ...application.mappings
        .filter((mapping) => !isStreamMapping(mapping))
        .map(({ logicalId }) => ({ logicalId, what: 'a mapping from a queue is not emulated' })),
      ...idle.map(({ logicalId }) => ({ logicalId, what: reason(logicalId) })),
    ],
  };
}

/** Leaves the tables and streams, for functions that run elsewhere. */
export function withoutFunctions(application: Application): Application {
  return { ...application, functions: [], mappings: [] };
}
