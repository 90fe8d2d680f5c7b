import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

const javaMajorMin = 17;

/**
 * Names the first thing that is missing on this machine, with what to do about it.
 *
 * @param options.root - folder of the repository
 * @param options.needsDatabase - whether the command starts DynamoDB
 * @returns one line, or `undefined` when nothing is missing
 */
export function findMissing({ root, needsDatabase }) {
  if (process.platform === 'win32') {
    return 'Oncefold needs Linux or macOS. On Windows, run it in WSL (https://learn.microsoft.com/windows/wsl).';
  }
  return missingNode(root) ?? missingNpm() ?? (needsDatabase ? missingJava() : undefined);
}

/**
 * Says that another engine replaces DynamoDB Local.
 *
 * @returns one line, or `undefined` where Java is found
 */
export function javaNotice() {
  if (hasJava() || !hasFallback()) {
    return undefined;
  }
  return `Java ${javaMajorMin} or later was not found: dynoxide replaces DynamoDB Local (docs/local-engines.md).`;
}

/** Linux gets Node.js 24 from a package; elsewhere this very Node.js has to run TypeScript. */
function missingNode(root) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const packages = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies;
  const isBrought = `node-${process.platform}-${process.arch}` in packages;
  if (isBrought && major >= 20) {
    return undefined;
  }
  if (!isBrought && (major > 22 || (major === 22 && minor >= 18))) {
    return undefined;
  }
  const wanted = isBrought ? 'Node.js 20 or later' : 'Node.js 22.18 or later';
  return `Oncefold needs ${wanted}, and this is ${process.versions.node}: install Node.js 24 from https://nodejs.org.`;
}

/** npx fetches the one pnpm that the repository names. */
function missingNpm() {
  if (isOnPath('npx')) {
    return undefined;
  }
  return 'Oncefold needs npm (its command npx was not found): install Node.js 24 with npm from https://nodejs.org.';
}

function missingJava() {
  if (hasJava() || hasFallback()) {
    return undefined;
  }
  return `Oncefold needs Java ${javaMajorMin} or later for DynamoDB Local: install it from https://adoptium.net, and put java on the PATH.`;
}

/** dynoxide is published for this one platform. */
function hasFallback() {
  return process.platform === 'linux' && process.arch === 'x64';
}

let javaFound;
function hasJava() {
  javaFound ??= findJava();
  return javaFound;
}

function findJava() {
  const home = process.env.JAVA_HOME;
  const candidates = home ? [join(home, 'bin', 'java'), 'java'] : ['java'];
  return candidates.some((java) => {
    const { stderr, status } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 20_000 });
    const version = status === 0 ? /version "(?:1\.)?(\d+)/.exec(stderr) : null;
    return version !== null && Number(version[1]) >= javaMajorMin;
  });
}

function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
