import { resolve } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import type { FunctionBundle } from '../application/running-application.ts';
import { layersNotice } from '../functions/function-notices.ts';
import type { InlineCodeFolders } from '../functions/inline-code-folders.ts';
import type { FunctionLayers, LayerFolders } from '../functions/layers/layer-folders.ts';
import { FunctionCodeError } from '../functions/runtimes/function-code-error.ts';
import {
  createRuntimeFamilies,
  type RuntimeFamiliesOptions,
} from '../functions/runtimes/runtime-families.ts';
import { RuntimeInstallError } from '../functions/runtimes/runtime-install-error.ts';
import { findBundle } from './find-bundle.ts';
import { StartError } from './start-error.ts';

/**
 * Finds the code of functions, and what runs it, by their runtime.
 *
 * @returns by logical id
 * @throws {@link StartError} for a function that cannot run here, with what to do about it
 */
export async function findFunctions(
  functions: readonly FunctionResource[],
  options: RuntimeFamiliesOptions & {
    readonly code: 'sam-build' | 'newest';
    readonly layerFolders: LayerFolders;
    readonly inlineCode: InlineCodeFolders;
  },
): Promise<ReadonlyMap<string, FunctionBundle>> {
  const families = createRuntimeFamilies(options);

  async function mergeLayers(resource: FunctionResource): Promise<FunctionLayers | undefined> {
    const sources = resource.layers.map((layer) => resolve(options.templateDirectory, layer));
    const layers = await options.layerFolders.merge(sources);
    if (layers !== undefined) {
      options.onNotice(resource.logicalId, layersNotice(layers.directory, resource));
    }
    return layers;
  }

  async function find(described: FunctionResource): Promise<FunctionBundle> {
    const resource = await options.inlineCode.place(described);
    const { logicalId, runtime } = resource;
    const layers = await mergeLayers(resource);
    if (runtime.startsWith('nodejs')) {
      return { ...findBundle(resource, options.templateDirectory, options.code), layers };
    }
    const family = families.find((each) => each.includes(runtime));
    if (family === undefined) {
      throw new FunctionCodeError(
        `${logicalId} has the runtime ${runtime}, which does not run here; those of Node.js, Python and Java and the provided ones do`,
      );
    }
    return { ...(await family.prepare(resource, layers?.directory)), layers };
  }

  try {
    return new Map(
      await Promise.all(
        functions.map(async (resource) => [resource.logicalId, await find(resource)] as const),
      ),
    );
  } catch (error) {
    throw asStartError(error);
  }
}

function asStartError(error: unknown): unknown {
  if (error instanceof FunctionCodeError) {
    return new StartError(error.message, { code: 'function-not-built', cause: error });
  }
  return error instanceof RuntimeInstallError
    ? new StartError(error.message, { code: 'runtime-not-installed', cause: error })
    : error;
}
