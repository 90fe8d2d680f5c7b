import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FunctionCodeError } from '../function-code-error.ts';
import type { Python } from './find-python.ts';

/** What a function's Python finds with the search path that the function has. */
export interface PythonInspection {
  readonly hasAwslambdaric: boolean;
  readonly hasBoto3: boolean;
  /** Packages of `requirements.txt` that are not there. */
  readonly missing: readonly string[];
}

const TIMEOUT_MS = 30_000;

/**
 * A requirement counts as met when there is a package of its name, in whatever version, or a module of that name. What
 * only pip can decide (options, addresses, conditions on the environment) counts as met, and so does what Lambda brings.
 */
const INSPECT = `
import importlib.metadata, importlib.util, json, re, sys
sys.path[0:1] = []
brought = {"boto3", "botocore", "awslambdaric", "jmespath", "s3transfer", "python-dateutil", "six", "urllib3"}
def there(module):
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
def installed(name):
    try:
        importlib.metadata.version(name)
        return True
    except importlib.metadata.PackageNotFoundError:
        return there(re.sub(r"[-.]", "_", name))
missing = []
if len(sys.argv) > 1:
    with open(sys.argv[1], encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            name = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)\\s*(\\[[^\\]]*\\])?\\s*([=<>!~(#].*)?$", line.strip())
            if name and ";" not in line and name[1].lower() not in brought and not installed(name[1]):
                missing.append(name[1])
print(json.dumps({
    "hasAwslambdaric": there("awslambdaric") and there("runtime_client"),
    "hasBoto3": there("boto3"),
    "missing": missing,
}))
`;

export async function inspectPythonCode(options: {
  readonly python: Python;
  /** `-S` without the packages of the interpreter, `-s` with them. */
  readonly isolation: '-S' | '-s';
  readonly searchPath: readonly string[];
  readonly requirements?: string | undefined;
  readonly directory: string;
}): Promise<PythonInspection> {
  const { python, isolation, searchPath, requirements, directory } = options;
  const args = [isolation, '-B', '-c', INSPECT, ...(requirements === undefined ? [] : [requirements])];
  try {
    const { stdout } = await promisify(execFile)(python.program, args, {
      cwd: directory,
      env: { PYTHONPATH: searchPath.join(':') },
      timeout: TIMEOUT_MS,
    });
    return JSON.parse(stdout);
  } catch (cause) {
    throw new FunctionCodeError(
      `${python.program} cannot look through ${directory}: ${(cause as Error).message}`,
      { cause },
    );
  }
}
