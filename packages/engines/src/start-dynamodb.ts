import { JAVA_RELEASE_MIN, startDynamoDbLocal } from './dynamodb-local.ts';
import { findDynoxide, startDynoxide } from './dynoxide.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { findJava } from './find-java.ts';

/** Which DynamoDB to start. */
export interface StartDynamoDbOptions {
  /** `auto` (default) is DynamoDB Local where there is a recent Java, and dynoxide where there is none. */
  readonly engine?: 'dynamodb-local' | 'dynoxide' | 'auto';
  /** Ends the start, or the engine if it has started. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a DynamoDB of this process's own: empty, in memory, on a free loopback port, gone when this process is gone.
 */
export async function startDynamoDb(options: StartDynamoDbOptions = {}): Promise<Engine> {
  const { engine = 'auto', signal } = options;
  const dynoxide = engine === 'dynamodb-local' ? undefined : findDynoxide();
  if (engine === 'dynoxide') {
    if (dynoxide === undefined) {
      throw new EngineError(
        'engine-unavailable',
        `dynoxide is not installed for ${process.platform}-${process.arch}; use DynamoDB Local with Java ${JAVA_RELEASE_MIN} or newer`,
      );
    }
    return startDynoxide({ command: dynoxide, signal });
  }
  const { java, tooOld } = await findJava(JAVA_RELEASE_MIN);
  if (java !== undefined) {
    return startDynamoDbLocal({ java, signal });
  }
  if (dynoxide !== undefined) {
    return startDynoxide({ command: dynoxide, signal });
  }
  const found = tooOld.map(({ command, release }) => `${command} is Java ${release}`).join(', ');
  throw new EngineError(
    'java-missing',
    `DynamoDB Local needs Java ${JAVA_RELEASE_MIN} or newer (${found || 'no Java was found in JAVA_HOME or on PATH'}): ` +
      'install a Java runtime, for example from https://adoptium.net, or set JAVA_HOME',
  );
}
