import type { Engine } from '@oncefold/engines';

/** An empty database of one caller's own. */
export interface ComparisonDatabase {
  /** Base URL; with an access key that nobody else has. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** An engine that gives out databases. */
export interface ComparisonEngine {
  readonly name: string;
  readonly version: string;
  open(): Promise<ComparisonDatabase>;
}

/**
 * Makes the engine of a comparison.
 *
 * DynamoDB Local has a database for each access key, so that one process is enough. Dynoxide has one database for all; it
 * starts in a fraction of a second, so that each caller gets a process.
 *
 * @param running - an engine that was started; it goes on running
 * @param start - starts another one like it
 */
export function createComparisonEngine(
  running: Pick<Engine, 'name' | 'version' | 'endpoint'>,
  start: () => Promise<Engine>,
): ComparisonEngine {
  const { name, version, endpoint } = running;
  if (name === 'dynamodb-local') {
    return { name, version, open: async () => ({ endpoint, close: async () => {} }) };
  }
  return {
    name,
    version,
    open: async () => {
      const own = await start();
      return { endpoint: own.endpoint, close: () => own.stop() };
    },
  };
}
