import type { FunctionResource } from '@oncefold/sam-template';
import { nodeMajorOf } from './node/lambda-packages.ts';

/** Variable with the path of a script that Lambda starts in place of the runtime. */
const WRAPPER = 'AWS_LAMBDA_EXEC_WRAPPER';

/**
 * Says in which way functions are not run as in Lambda, a sentence each.
 *
 * @param nodeVersion - of the Node.js that runs functions: `24.1.0`
 */
export function functionNotices(
  { runtime, environment }: Pick<FunctionResource, 'runtime' | 'environment'>,
  nodeVersion: string,
): readonly string[] {
  const isOtherNode =
    runtime.startsWith('nodejs') && nodeMajorOf(runtime) !== Number.parseInt(nodeVersion, 10);
  const wrapper = environment[WRAPPER] ?? '';
  return [
    ...(isOtherNode ? [`functions of the runtime ${runtime} run with Node.js ${nodeVersion} here`] : []),
    ...(wrapper === '' ? [] : [`${WRAPPER} (${wrapper}) is not run here: the function starts without it`]),
  ];
}

/** Says where layers are, as there can be no `/opt` of a function's own. */
export function layersNotice(
  directory: string,
  { environment }: Pick<FunctionResource, 'environment'>,
): string {
  const names = Object.keys(environment).filter(
    (name) => name !== 'NODE_OPTIONS' && /(?:^|[\s:=])\/opt\//.test(environment[name] ?? ''),
  );
  const variables = names.length === 0 ? '' : `, and neither do these variables: ${names.join(', ')}`;
  return `its layers are in ${directory}; code that names /opt itself does not find them${variables}`;
}
