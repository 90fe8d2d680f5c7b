import type { Application } from '@oncefold/sam-template';

/**
 * Leaves out the functions that nothing here would ever invoke: those of an API, a schedule or a queue.
 *
 * They are not even loaded: their start may need what does not exist here.
 */
export function runnableApplication(application: Application): Application {
  const fed = new Set(
    application.mappings
      .filter((mapping) => mapping.settings.enabled)
      .map((mapping) => mapping.functionLogicalId),
  );
  const idle = application.functions.filter(({ logicalId }) => !fed.has(logicalId));
  return {
    ...application,
    functions: application.functions.filter(({ logicalId }) => fed.has(logicalId)),
    mappings: application.mappings.filter(({ settings }) => settings.enabled),
    unsupported: [
      ...application.unsupported,
      ...idle.map(({ logicalId }) => ({ logicalId, what: 'no stream feeds this function: it is not run' })),
    ],
  };
}
