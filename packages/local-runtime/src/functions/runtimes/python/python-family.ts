import { join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { isBuilt } from '../../node/task-root.ts';
import { type CodeFolders, codeFolders, isFile, refuseArchive } from '../code-folders.ts';
import { FunctionCodeError } from '../function-code-error.ts';
import type { RunnableFunction, RuntimeContext, RuntimeFamily } from '../runtime-family.ts';
import { findPython, type Python } from './find-python.ts';
import { inspectPythonCode, type PythonInspection } from './inspect-python-code.ts';
import { pythonPackage } from './python-packages.ts';

const RUNTIME = /^python3\.(\d+)$/;

/**
 * Starts the runtime interface client. Without the module `site` the builtins that it makes, such as `exit`, would be
 * missing; and a first entry of the search path that is relative would follow a handler that changes its folder.
 */
const START = `
import os, site, sys
site.setquit()
sys.path[0] = os.getcwd()
from awslambdaric.__main__ import main
main(sys.argv)
`;

/**
 * Runs Python functions with Amazon's runtime interface client, as Lambda does.
 *
 * What `sam build` made is run without the packages of the interpreter, so that a dependency that was forgotten is
 * missing here too. Sources may use them, so that they run with the virtual environment of the project.
 */
export function createPythonFamily(context: RuntimeContext): RuntimeFamily {
  const pythons = new Map<string, Promise<Python>>();

  async function choosePython({ runtime, logicalId }: FunctionResource): Promise<Python> {
    const minor = Number(RUNTIME.exec(runtime)?.[1]);
    const python = await findPython(minor, {
      directories: [context.templateDirectory],
      environment: process.env,
    });
    if (python === undefined) {
      throw new FunctionCodeError(
        `a function of the runtime ${runtime} needs Python 3.${minor}, and there is no Python 3.9 or later on PATH, in a virtual environment of the project or from pyenv; install Python 3.${minor}`,
      );
    }
    if (python.minor !== minor) {
      context.onNotice(
        logicalId,
        `there is no Python 3.${minor}: functions of the runtime ${runtime} run with Python 3.${python.minor} (${python.program})`,
      );
    }
    return python;
  }

  function pythonOf(resource: FunctionResource): Promise<Python> {
    const known = pythons.get(resource.runtime) ?? choosePython(resource);
    pythons.set(resource.runtime, known);
    return known;
  }

  async function prepare(resource: FunctionResource, layers?: string): Promise<RunnableFunction> {
    const folders = codeFolders(resource, context.templateDirectory);
    const directory = findCode(resource, folders);
    const python = await pythonOf(resource);
    const own = ownSearchPath(resource, { directory, layers, minor: python.minor });
    const { isolation, inspection } = await inspect(isBuilt(directory), { python, directory, own });
    if (inspection.missing.length > 0) {
      throw new FunctionCodeError(
        `${resource.logicalId} needs packages of ${join(directory, 'requirements.txt')} that are neither in that folder nor in ${python.program}: ${inspection.missing.join(', ')}; run \`sam build\``,
      );
    }
    const wanted = [
      ...(inspection.hasAwslambdaric ? [] : [pythonPackage('awslambdaric', python)]),
      ...(inspection.hasBoto3 ? [] : [pythonPackage('boto3', python)]),
    ];
    const brought = await Promise.all(wanted.map((each) => context.provide(each, resource.logicalId)));
    return {
      directory,
      program: {
        // Bytecode is not written: two changes within a second could run as one, and the folder is watched.
        command: [python.program, isolation, '-B', '-u', '-c', START, resource.handler],
        environment: { PYTHONPATH: [...own, ...brought].join(':') },
      },
    };
  }

  return { includes: (runtime) => RUNTIME.test(runtime), prepare };
}

function findCode(resource: FunctionResource, folders: CodeFolders): string {
  const { logicalId, handler } = resource;
  refuseArchive(resource, folders);
  const separator = handler.lastIndexOf('.');
  const module = handler.slice(0, separator).replaceAll('.', '/');
  if (separator <= 0) {
    throw new FunctionCodeError(`the handler ${handler} of ${logicalId} is not of the form module.function`);
  }
  const found = [folders.built, folders.source].find(
    (folder) => isFile(join(folder, `${module}.py`)) || isFile(join(folder, module, '__init__.py')),
  );
  if (found === undefined) {
    throw new FunctionCodeError(
      `the code of ${logicalId} was not found: no ${module}.py in ${folders.built} or ${folders.source}; run \`sam build\`, or correct Handler or CodeUri`,
    );
  }
  return found;
}

/**
 * Where the function's own modules and those of its layers are found, before those that Lambda brings.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html
 */
function ownSearchPath(
  { environment }: FunctionResource,
  {
    directory,
    layers,
    minor,
  }: { readonly directory: string; readonly layers: string | undefined; readonly minor: number },
): readonly string[] {
  const here = (folder: string): string =>
    folder.replace(/^\/var\/task(?=\/|$)/, directory).replace(/^\/opt(?=\/|$)/, (opt) => layers ?? opt);
  const declared = (environment['PYTHONPATH'] ?? '').split(':').filter((folder) => folder !== '');
  const ofLayers = [`/opt/python/lib/python3.${minor}/site-packages`, '/opt/python'];
  return [directory, ...[...declared, ...(layers === undefined ? [] : ofLayers)].map(here)];
}

/** Prefers isolation for a built function, unless the interpreter is where the runtime interface client is installed. */
async function inspect(
  isIsolated: boolean,
  {
    python,
    directory,
    own,
  }: { readonly python: Python; readonly directory: string; readonly own: readonly string[] },
): Promise<{ isolation: '-S' | '-s'; inspection: PythonInspection }> {
  const requirements = join(directory, 'requirements.txt');
  const options = { python, directory, searchPath: own };
  const open = await inspectPythonCode({
    ...options,
    isolation: '-s',
    requirements: !isIsolated && isFile(requirements) ? requirements : undefined,
  });
  if (!isIsolated || open.hasAwslambdaric) {
    return { isolation: '-s', inspection: open };
  }
  return { isolation: '-S', inspection: await inspectPythonCode({ ...options, isolation: '-S' }) };
}
