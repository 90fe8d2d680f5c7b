import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { FunctionCodeError } from './function-code-error.ts';

/** Where the code of a function can be. */
export interface CodeFolders {
  /** What `sam build` makes. */
  readonly built: string;
  /** What `CodeUri` names: a folder, or an archive. */
  readonly source: string;
}

export function codeFolders(
  { logicalId, codeUri, inlineCode }: FunctionResource,
  templateDirectory: string,
): CodeFolders {
  const source = resolve(templateDirectory, codeUri);
  // Nothing is built of code that is in the template.
  const built = inlineCode === undefined ? join(templateDirectory, '.aws-sam', 'build', logicalId) : source;
  return { built, source };
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Refuses an archive as the code: Lambda unpacks it, and nothing here does. */
export function refuseArchive(
  { logicalId, codeUri }: FunctionResource,
  { built, source }: CodeFolders,
): void {
  if (!isFolder(built) && isFile(source)) {
    throw new FunctionCodeError(
      `the code of ${logicalId} is the file ${codeUri}, which is not unpacked here; let CodeUri name the folder that it was made of, or run \`sam build\``,
    );
  }
}
