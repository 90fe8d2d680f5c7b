import { constants } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTemporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

/** The layers of a function. */
export interface FunctionLayers {
  /** Folder that takes the place of `/opt`. */
  readonly directory: string;
  /** Folders with the layers' content, in the function's order. */
  readonly sources: readonly string[];
  /** Takes the content anew; a process that loads something at that moment may miss it. */
  refresh(): Promise<void>;
}

/** The folders that take the place of `/opt`. */
export interface LayerFolders {
  /**
   * Gives a folder with the content of layers, in which a file of a later layer replaces one of an earlier.
   *
   * @returns undefined without layers; one folder for all functions with the same
   */
  merge(sources: readonly string[]): Promise<FunctionLayers | undefined>;
  /** Removes all of them. */
  remove(): Promise<void>;
}

export function createLayerFolders(): LayerFolders {
  const merged = new Map<string, Promise<FunctionLayers>>();
  let root: Promise<TemporaryFolder> | undefined;

  async function create(sources: readonly string[], index: number): Promise<FunctionLayers> {
    root ??= createTemporaryFolder('oncefold-layers');
    const parent = join((await root).path, String(index));
    await mkdir(parent);
    const directory = join(parent, 'opt');
    await copyInto(directory, sources);
    return { directory, sources, refresh: () => replace(directory, sources) };
  }

  return {
    async merge(sources) {
      if (sources.length === 0) {
        return undefined;
      }
      const key = sources.join('\n');
      const known = merged.get(key) ?? create(sources, merged.size);
      merged.set(key, known);
      return known;
    },
    async remove() {
      await Promise.allSettled(merged.values());
      await (await root)?.remove();
    },
  };
}

async function replace(directory: string, sources: readonly string[]): Promise<void> {
  const [next, previous] = [`${directory}.next`, `${directory}.previous`];
  await copyInto(next, sources);
  await rm(previous, { recursive: true, force: true });
  await rename(directory, previous);
  await rename(next, directory);
  await rm(previous, { recursive: true });
}

async function copyInto(folder: string, layers: readonly string[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const layer of layers) {
    await cp(layer, folder, { recursive: true, force: true, mode: constants.COPYFILE_FICLONE });
  }
}
