import type { FunctionResource } from '@oncefold/sam-template';
import { nodeMajorOf } from './node/lambda-packages.ts';

/** Variable with the path of a script that Lambda starts in place of the runtime. */
const WRAPPER = 'AWS_LAMBDA_EXEC_WRAPPER';

/**
 * Says in which way functions are not run as in Lambda, a sentence each.
 *
 * @param here.nodeVersion - of the Node.js that runs functions: `24.1.0`
 * @param here.endpoints - variables that are set here, whatever the template says of them
 */
export function functionNotices(
  { runtime, environment }: Pick<FunctionResource, 'runtime' | 'environment'>,
  here: { readonly nodeVersion: string; readonly endpoints: Readonly<Record<string, string>> },
): readonly string[] {
  const { nodeVersion, endpoints } = here;
  const isOtherNode =
    runtime.startsWith('nodejs') && nodeMajorOf(runtime) !== Number.parseInt(nodeVersion, 10);
  const wrapper = environment[WRAPPER] ?? '';
  return [
    ...(isOtherNode ? [`functions of the runtime ${runtime} run with Node.js ${nodeVersion} here`] : []),
    ...Object.keys(endpoints)
      .filter((name) => (environment[name] ?? '') !== '')
      .map(
        (name) =>
          `the template's ${name} is not used here, where the service is local; --env-vars can set it`,
      ),
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
