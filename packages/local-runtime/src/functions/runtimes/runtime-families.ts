import type { FunctionResource } from '@oncefold/sam-template';
import { FunctionCodeError } from './function-code-error.ts';
import { createJavaFamily } from './java/java-family.ts';
import { createProvidedFamily } from './provided/provided-family.ts';
import { createPythonFamily } from './python/python-family.ts';
import type { RunnableFunction, RuntimeContext } from './runtime-family.ts';

/** Finds code and program of functions of every runtime that runs here. */
export interface RuntimeFamilies {
  /**
   * @throws {@link FunctionCodeError} when no family runs the function's runtime, or its code is not there
   * @throws {@link RuntimeInstallError} when what its program needs cannot be installed
   */
  prepare(resource: FunctionResource): Promise<RunnableFunction>;
}

export function createRuntimeFamilies(context: RuntimeContext): RuntimeFamilies {
  const families = [createPythonFamily(context), createProvidedFamily(context), createJavaFamily(context)];
  return {
    async prepare(resource) {
      const family = families.find((each) => each.includes(resource.runtime));
      if (family === undefined) {
        throw new FunctionCodeError(
          `${resource.logicalId} has the runtime ${resource.runtime}, which does not run here; nodejs, python3, provided and java do`,
        );
      }
      return family.prepare(resource);
    },
  };
}
