import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';

/** The folders of functions whose code is in the template. */
export interface InlineCodeFolders {
  /** Writes the code of such a function as the file `index`, as Lambda does, and names its folder as the code's; others stay as they are. */
  place(resource: FunctionResource): Promise<FunctionResource>;
  /** Removes all of them. */
  remove(): Promise<void>;
}

export function createInlineCodeFolders(): InlineCodeFolders {
  let root: Promise<string> | undefined;
  return {
    async place(resource) {
      const { logicalId, inlineCode, runtime } = resource;
      if (inlineCode === undefined) {
        return resource;
      }
      root ??= mkdtemp(join(tmpdir(), 'oncefold-inline-'));
      const codeUri = join(await root, logicalId, 'code');
      await mkdir(codeUri, { recursive: true });
      await writeFile(join(codeUri, runtime.startsWith('nodejs') ? 'index.js' : 'index.py'), inlineCode);
      return { ...resource, codeUri };
    },
    async remove() {
      if (root !== undefined) {
        await rm(await root, { recursive: true, force: true });
      }
    },
  };
}
