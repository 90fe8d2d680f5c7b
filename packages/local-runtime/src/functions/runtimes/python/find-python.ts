import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A Python interpreter of this machine. */
export interface Python {
  /** Absolute path. */
  readonly program: string;
  /** The same, or the interpreter that its virtual environment was made of. */
  readonly base: string;
  /** The 12 of Python 3.12. */
  readonly minor: number;
  /** Names what compiled packages must be made for, such as `cpython-312-x86_64-linux-gnu`. */
  readonly tag: string;
}

/** Minor versions that are looked for by name: those of Lambda's runtimes, and the ones next to them. */
const MINOR_MIN = 9;
const MINOR_MAX = 15;
const START_TIMEOUT_MS = 20_000;

const DESCRIBE = `
import json, sys, sysconfig
tag = sysconfig.get_config_var("SOABI") or "%s-%s" % (sys.implementation.cache_tag, sysconfig.get_platform())
base = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps({"program": sys.executable, "base": base, "version": sys.version_info[:2], "tag": tag}))
`;

export interface PythonSearch {
  /** Folders of the project, which may hold a virtual environment. */
  readonly directories: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds a Python of a minor version, or the one that is nearest to it.
 *
 * Looked for in the active virtual environment, in `.venv` and `venv` of the project, on PATH, and among the versions
 * that pyenv has installed.
 *
 * @returns undefined where there is no Python 3.9 or later
 */
export async function findPython(minor: number, search: PythonSearch): Promise<Python | undefined> {
  // Each start takes time, so the names that most probably answer are asked first.
  const installed = pyenvPrograms(search);
  const ofVersion = installed.filter(({ version }) => version.startsWith(`3.${minor}.`));
  const inOrder = [
    environmentPrograms(search),
    [`python3.${minor}`],
    ['python3', ...ofVersion.map(({ program }) => program)],
  ];
  for (const programs of inOrder) {
    const exact = (await describeAll(programs, search)).find((python) => python.minor === minor);
    if (exact !== undefined) {
      return exact;
    }
  }
  const names = Array.from(
    { length: MINOR_MAX - MINOR_MIN + 1 },
    (_, index) => `python3.${MINOR_MIN + index}`,
  );
  const others = await describeAll(
    ['python3', 'python', ...names, ...installed.map(({ program }) => program)],
    search,
  );
  return others
    .filter((python) => python.minor >= MINOR_MIN)
    .sort((a, b) => Math.abs(a.minor - minor) - Math.abs(b.minor - minor) || b.minor - a.minor)[0];
}

interface PyenvProgram {
  /** Such as `3.12.1`. */
  readonly version: string;
  readonly program: string;
}

function environmentPrograms({ directories, environment }: PythonSearch): readonly string[] {
  const active = environment['VIRTUAL_ENV'];
  const roots = [
    ...(active ? [active] : []),
    ...directories.flatMap((directory) => [join(directory, '.venv'), join(directory, 'venv')]),
  ];
  return roots.map((root) => join(root, 'bin', 'python'));
}

function pyenvPrograms({ environment }: PythonSearch): readonly PyenvProgram[] {
  const versions = join(environment['PYENV_ROOT'] || join(homedir(), '.pyenv'), 'versions');
  try {
    return readdirSync(versions)
      .filter((name) => name.startsWith('3.'))
      .map((version) => ({ version, program: join(versions, version, 'bin', 'python') }));
  } catch {
    // No pyenv.
    return [];
  }
}

async function describeAll(programs: readonly string[], search: PythonSearch): Promise<readonly Python[]> {
  const found = await Promise.all(programs.map((program) => describe(program, search)));
  return found.filter((python) => python !== undefined);
}

async function describe(program: string, { environment }: PythonSearch): Promise<Python | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ['-I', '-c', DESCRIBE], {
      env: { ...environment },
      timeout: START_TIMEOUT_MS,
    });
    const { program: path, base, version, tag } = JSON.parse(stdout);
    return version[0] === 3 ? { program: path, base, minor: version[1], tag } : undefined;
  } catch {
    // Not there, or the placeholder of a version manager for a version that is not installed.
    return undefined;
  }
}
