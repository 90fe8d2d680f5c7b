import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A Java runtime on this machine. */
export interface Java {
  /** Path or name of the program. */
  readonly command: string;
  /** Feature release, such as 17. */
  readonly release: number;
}

const VERSION_TIMEOUT_MS = 20_000;

/**
 * Looks for Java in `JAVA_HOME`, then on PATH.
 *
 * @param minimum - lowest feature release that will do, such as 17
 */
export async function findJava(
  minimum: number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ java?: Java; tooOld: readonly Java[] }> {
  const home = environment['JAVA_HOME'];
  const commands = [...(home ? [join(home, 'bin', 'java')] : []), 'java'];
  const tooOld: Java[] = [];
  for (const command of commands) {
    const release = await javaRelease(command, environment);
    if (release === undefined) {
      continue;
    }
    if (release >= minimum) {
      return { java: { command, release }, tooOld };
    }
    tooOld.push({ command, release });
  }
  return { tooOld };
}

/**
 * Reads the feature release out of what `java -version` prints.
 *
 * @param text - such as `openjdk version "17.0.15" 2025-04-15`, or `java version "1.8.0_391"`, which is release 8
 */
export function parseJavaRelease(text: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

async function javaRelease(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, ['-version'], {
      env: { ...environment },
      timeout: VERSION_TIMEOUT_MS,
    });
    return parseJavaRelease(`${stderr}\n${stdout}`);
  } catch {
    // Not there, not executable, or the placeholder of macOS that only says where to download Java.
    return undefined;
  }
}
