import type { FunctionResource } from '@oncefold/sam-template';
import type { EnvVars } from './read-env-vars.ts';

/** Variables by the logical id of the function, and what could not be applied. */
export interface ChosenVariables {
  readonly of: (resource: FunctionResource) => Readonly<Record<string, string>>;
  /** One sentence each, without a stop. */
  readonly warnings: readonly string[];
}

/** Settings of a local run: a template has no reason to declare them. */
const ENDPOINT = /^AWS_ENDPOINT_URL(?:_[A-Z0-9_]+)?$/;

/**
 * Chooses the variables of each function as the SAM CLI does: a variable is set only where the template declares it, and a
 * function's own value wins over the one for all.
 *
 * There is one exception: the endpoints of services, which AWS SDKs read from variables that exist for nothing else.
 */
export function chooseVariables(
  { file, parameters, functions }: EnvVars,
  resources: readonly FunctionResource[],
): ChosenVariables {
  const chosen = new Map<string, Readonly<Record<string, string>>>();
  const isFor = (name: string, { logicalId, functionName }: FunctionResource): boolean =>
    name === logicalId || name === functionName;
  const applied = new Set<string>();
  const warnings: string[] = [];
  for (const resource of resources) {
    const wanted = Object.entries(functions).flatMap(([name, values]) =>
      isFor(name, resource) ? Object.entries(values) : [],
    );
    const isDeclared = ([name]: readonly [string, string]): boolean =>
      Object.hasOwn(resource.environment, name) || ENDPOINT.test(name);
    const general = Object.entries(parameters).filter(isDeclared);
    for (const [name] of general) {
      applied.add(name);
    }
    for (const [name] of wanted.filter((variable) => !isDeclared(variable))) {
      warnings.push(
        `${file} sets ${name} of ${resource.logicalId}, which the template does not declare: it is not set`,
      );
    }
    chosen.set(resource.logicalId, Object.fromEntries([...general, ...wanted.filter(isDeclared)]));
  }
  for (const name of Object.keys(functions).filter((id) => !resources.some((each) => isFor(id, each)))) {
    warnings.push(`${file} sets variables of ${name}, which is not a function that runs here`);
  }
  for (const name of Object.keys(parameters).filter((each) => !applied.has(each))) {
    warnings.push(
      `${file} sets ${name} of all functions, and the template declares it for none: it is not set`,
    );
  }
  return { of: ({ logicalId }) => chosen.get(logicalId) ?? {}, warnings };
}
