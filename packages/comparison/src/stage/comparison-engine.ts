import type { Engine } from '@oncefold/engines';

/** An empty database that only its caller uses. */
export interface ComparisonDatabase {
  /** Base URL, to be used with a fresh access key. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** An engine that opens databases. */
export interface ComparisonEngine {
  readonly name: string;
  readonly version: string;
  open(): Promise<ComparisonDatabase>;
}

/**
 * Makes the engine of a comparison.
 *
 * DynamoDB Local has a database for each access key, so that one process is enough. Dynoxide has one database for all access
 * keys, but starts in a fraction of a second: every caller gets its own process.
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
