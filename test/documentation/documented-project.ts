import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './code-blocks.ts';

/**
 * The files of a project that a page shows, in their order.
 *
 * @param page - path from the repository's root. A file is a block behind a line whose last sentence names it, such as
 * "`template.yaml`:".
 */
export function documentedProject(page: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, page), 'utf8');
  const shown = text.matchAll(/`([\w./-]+\.\w+)`:\n\n```\w+\n([\s\S]*?)\n```/g);
  return new Map([...shown].map(([, path = '', code = '']) => [path, `${code}\n`] as const));
}
