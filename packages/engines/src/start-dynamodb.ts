import { JAVA_RELEASE_MIN, startDynamoDbLocal } from './dynamodb-local.ts';
import { findDynoxide, startDynoxide } from './dynoxide.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { findJava } from './find-java.ts';

interface StartDynamoDbOptions {
  /** `auto` (default) is DynamoDB Local where there is a recent Java, and dynoxide where there is none. */
  readonly engine?: 'dynamodb-local' | 'dynoxide' | 'auto';
  /**
   * One database for all access keys and regions, as dynoxide has it anyway: what a program with a region or key of its own writes
   * is seen by all. By default DynamoDB Local has one for each pair.
   */
  readonly isShared?: boolean;
  /** Ends the start, or the engine if it has started. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a DynamoDB of this process's own: empty, in memory, on a free loopback port, gone when this process is gone.
 *
 * @throws {@link EngineError} when no engine can run here (the message says what to install) or it does not start
 */
export async function startDynamoDb(options: StartDynamoDbOptions = {}): Promise<Engine> {
  const { engine = 'auto', isShared = false, signal } = options;
  const dynoxide = engine === 'dynamodb-local' ? undefined : findDynoxide();
  if (engine === 'dynoxide') {
    if (dynoxide === undefined) {
      throw new EngineError(
        `dynoxide is not installed for ${process.platform}-${process.arch}; use DynamoDB Local with Java ${JAVA_RELEASE_MIN} or newer`,
        { code: 'engine-unavailable' },
      );
    }
    return startDynoxide({ command: dynoxide, signal });
  }
  const { java, tooOld } = await findJava(JAVA_RELEASE_MIN);
  if (java !== undefined) {
    return startDynamoDbLocal({ java, isShared, signal });
  }
  if (dynoxide !== undefined) {
    return startDynoxide({ command: dynoxide, signal });
  }
  const found = tooOld.map(({ command, release }) => `${command} is Java ${release}`).join(', ');
  throw new EngineError(
    `DynamoDB Local needs Java ${JAVA_RELEASE_MIN} or newer (${found || 'no Java was found in JAVA_HOME or on PATH'}): ` +
      'install a Java runtime, for example from https://adoptium.net, or set JAVA_HOME',
    { code: 'java-missing' },
  );
}
