import { join } from 'node:path';
import { nodeMajorOf } from '../node/lambda-packages.ts';

const PROGRAMS = '/usr/local/bin:/usr/bin:/bin';

/**
 * The variables that say where a function's programs, libraries and modules are, in Lambda's order.
 *
 * Node.js looks in the folder of its version first; the SDK on `NODE_PATH` is found without it.
 *
 * @param options.layers - folder that takes the place of `/opt`
 * @see https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
 */
export function searchPaths({
  runtime,
  taskRoot,
  layers,
}: {
  readonly runtime: string;
  readonly taskRoot: string;
  readonly layers?: string | undefined;
}): Record<string, string> {
  const inLayers = (...paths: string[]): string[] =>
    layers === undefined ? [] : paths.map((path) => join(layers, path));
  const variables: Record<string, string> = { PATH: [PROGRAMS, ...inLayers('bin')].join(':') };
  // Other runtimes have nothing of their own there, and a path that is set changes what programs load.
  if (layers !== undefined || runtime.startsWith('provided')) {
    variables['LD_LIBRARY_PATH'] = [taskRoot, join(taskRoot, 'lib'), ...inLayers('lib')].join(':');
  }
  if (runtime.startsWith('nodejs')) {
    const modules = inLayers(`nodejs/node${nodeMajorOf(runtime)}/node_modules`, 'nodejs/node_modules');
    variables['NODE_PATH'] = [...modules, taskRoot].join(':');
  }
  return variables;
}
