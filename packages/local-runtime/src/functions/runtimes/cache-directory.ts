import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The folder in which Oncefold keeps what it has installed for functions: `ONCEFOLD_CACHE_DIR`, else a folder `oncefold`
 * in the person's cache folder.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ for `XDG_CACHE_HOME`, which counts only if absolute
 */
export function cacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment['ONCEFOLD_CACHE_DIR'] ?? '';
  if (own !== '') {
    return resolve(own);
  }
  const shared = environment['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(shared) ? shared : join(homedir(), '.cache'), 'oncefold');
}
