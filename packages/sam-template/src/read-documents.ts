import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { flattenLoops } from './expand-loops.ts';
import { nestedFile } from './nested-application.ts';
import { parseTemplate } from './parse-template.ts';
import { readRawTemplate } from './raw-template.ts';
import { TemplateError } from './template-error.ts';

/**
 * Reads the text of a template and of the local ones that it nests, at any depth.
 *
 * @param report - told by file of what stands twice in it
 * @throws {@link TemplateError} when one cannot be read or parsed
 */
export async function readDocuments(
  file: string,
  report?: (file: string, what: string) => void,
): Promise<ReadonlyMap<string, unknown>> {
  const documents = new Map<string, unknown>();
  const read = async (path: string, where: string): Promise<void> => {
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'EISDIR'
        ? new TemplateError(where, `is a folder; give it a file, such as ${join(path, 'template.yaml')}`)
        : new TemplateError(where, 'cannot be read', { cause });
    });
    const document = parseTemplate(text, path, (what) => report?.(basename(path), what));
    documents.set(path, document);
    for (const [id, resource] of readRawTemplate(flattenLoops(document), path).resources) {
      const nested = nestedFile(resource, path);
      // Which file it is may depend on a loop.
      if (nested !== undefined && !nested.includes('${') && !documents.has(nested)) {
        await read(nested, `${path}: Resources.${id}: ${nested}`);
      }
    }
  };
  await read(file, file);
  return documents;
}
