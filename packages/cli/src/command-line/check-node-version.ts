import { CouldNotRunError } from './could-not-run-error.ts';

const NEEDED: readonly [major: number, minor: number] = [22, 12];

/**
 * Refuses a Node.js that is too old, which npm only warns of: what fails there later would be blamed on the template.
 *
 * @param version - as in `process.versions.node`
 * @throws {@link CouldNotRunError} when it is older than the package needs
 */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
    throw new CouldNotRunError(
      `Node.js ${NEEDED.join('.')} or later is needed, this is ${version}; with the newer one, install the packages again, because npm has left out some of the engines`,
    );
  }
}
