import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { FunctionCodeError } from './runtimes/function-code-error.ts';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

/** The folders of functions whose code is in the template. */
export interface InlineCodeFolders {
  /**
   * Writes the code of such a function as the file `index`, as Lambda does, and names its folder as the code's; others stay as they are.
   *
   * @throws {@link FunctionCodeError} when the handler is in another file
   */
  place(resource: FunctionResource): Promise<FunctionResource>;
  /** Removes all of them. */
  remove(): Promise<void>;
}

export function createInlineCodeFolders(): InlineCodeFolders {
  let root: Promise<TemporaryFolder> | undefined;
  return {
    async place(resource) {
      const { logicalId, handler, inlineCode, runtime } = resource;
      if (inlineCode === undefined) {
        return resource;
      }
      if (!/^index\.[^./]/.test(handler)) {
        throw new FunctionCodeError(
          `the code of ${logicalId} is in the template, so that it is the file index: its Handler must be index.<function>, not ${handler}`,
        );
      }
      root ??= createTemporaryFolder('oncefold-inline');
      const codeUri = join((await root).path, logicalId, 'code');
      await mkdir(codeUri, { recursive: true });
      await writeFile(join(codeUri, runtime.startsWith('nodejs') ? 'index.js' : 'index.py'), inlineCode);
      return { ...resource, codeUri };
    },
    async remove() {
      await (await root)?.remove();
    },
  };
}
