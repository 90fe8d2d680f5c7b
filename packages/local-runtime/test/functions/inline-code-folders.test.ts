// Goal: code in the template is the file that Lambda makes of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInlineCodeFolders, type InlineCodeFolders } from '../../src/functions/inline-code-folders.ts';
import { FUNCTION_DEFAULTS } from '../lambda-defaults.ts';

const resource = {
  ...FUNCTION_DEFAULTS,
  logicalId: 'Nested/F',
  functionName: 'f',
  handler: 'index.handler',
  inlineCode: 'old',
};
let folders: InlineCodeFolders;

describe('createInlineCodeFolders', () => {
  beforeEach(() => {
    folders = createInlineCodeFolders();
  });
  afterEach(() => folders.remove());

  it.each([
    ['nodejs24.x', 'index.js'],
    ['python3.13', 'index.py'],
  ])('writes that of a function of the runtime %s, and writes it anew', async (runtime, file) => {
    const { codeUri } = await folders.place({ ...resource, runtime });
    const again = await folders.place({ ...resource, runtime, inlineCode: 'new' });
    expect(again.codeUri).toBe(codeUri);
    expect(readFileSync(join(codeUri, file), 'utf8')).toBe('new');
    await folders.remove();
    expect(existsSync(codeUri)).toBe(false);
  });

  it('leaves a function whose code is in a folder', async () => {
    const { inlineCode: _, ...other } = resource;
    expect(await folders.place(other)).toBe(other);
  });

  it.each(['app.handler', 'src/index.handler', 'index', 'index.'])(
    'refuses the handler %s',
    async (handler) => {
      await expect(folders.place({ ...resource, handler })).rejects.toThrow(
        `the code of Nested/F is in the template, so that it is the file index: its Handler must be index.<function>, not ${handler}`,
      );
    },
  );
});
