const NEEDED: readonly [major: number, minor: number] = [22, 12];

/**
 * Says what is wrong with a Node.js that is too old, which npm only warns of: what fails there later would be blamed on the template.
 *
 * This module and those that it imports must load in any Node.js.
 *
 * @param version - as in `process.versions.node`
 * @returns nothing when it is new enough
 */
export function whyTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])
    ? `Node.js ${NEEDED.join('.')} or later is needed, this is ${version}; with the newer one, install the packages again, because npm has left out some of the engines`
    : undefined;
}
