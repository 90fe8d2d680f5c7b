import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

/** Where generated pages are written, relative to the repository. */
export const GENERATED_FOLDER: string = 'site/generated/pages';

const patterns: readonly (readonly [RegExp, string])[] = [
  [/^docs\/(.+\.md)$/, '$1'],
  [/^site\/generated\/pages\/(.+\.md)$/, '$1'],
  [/^packages\/([^/]+)\/README\.md$/, 'packages/$1.md'],
  [/^examples\/README\.md$/, 'examples/index.md'],
  [/^examples\/([^/]+)\/README\.md$/, 'examples/$1.md'],
  [/^(CHANGELOG|CONTRIBUTING|SECURITY)\.md$/, '$1.md'],
];

/**
 * The place of a document on the site.
 *
 * @param file - relative to the repository
 * @returns the path of its page, ending with `.md`; undefined if it has none
 */
export function pageOf(file: string): string | undefined {
  for (const [pattern, page] of patterns) {
    if (pattern.test(file)) {
      return file.replace(pattern, page);
    }
  }
  return undefined;
}

/** Where a link of a document leads to on the site. */
export type LinkTarget =
  /** Another page, or an anchor, or another host. */
  | { readonly code: 'page'; readonly href: string }
  /** A file of the site that is no page of the generator. */
  | { readonly code: 'file'; readonly href: string }
  /** A file of the repository that the site does not have. */
  | { readonly code: 'source'; readonly path: string };

/**
 * Finds out what a link means that was written for readers of the repository.
 *
 * @param href - as it is in the document
 * @param file - the document, relative to the repository
 * @param root - absolute path of the repository
 */
export function resolveLink(href: string, file: string, root: string): LinkTarget {
  if (/^(?:[a-z]+:|#)/.test(href)) {
    return { code: 'page', href };
  }
  const [path = '', anchor] = href.split('#');
  const target = posix.normalize(posix.join(dirname(file), path));
  const isFolder = existsSync(join(root, target)) && statSync(join(root, target)).isDirectory();
  const page = pageOf(isFolder ? posix.join(target, 'README.md') : target);
  if (page !== undefined && existsSync(join(root, isFolder ? posix.join(target, 'README.md') : target))) {
    const from = dirname(pageOf(file) ?? file);
    const way = relative(from, page);
    return {
      code: 'page',
      href: `${way.startsWith('.') ? way : `./${way}`}${anchor === undefined ? '' : `#${anchor}`}`,
    };
  }
  if (existsSync(join(root, target))) {
    return { code: 'source', path: target };
  }
  // Whatever does not exist is reported by the check of the links.
  return { code: path.endsWith('.html') ? 'file' : 'page', href };
}
