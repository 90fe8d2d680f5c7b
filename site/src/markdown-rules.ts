import { relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { flowchartTable } from './flowchart-table.ts';
import { resolveLink } from './pages.ts';

/** A comment of Markdown whose content is for the site alone. */
const SITE_ONLY = /<!-- site:\s*([\s\S]*?)\s*-->/g;

type State = Parameters<Parameters<MarkdownRenderer['core']['ruler']['push']>[1]>[0];
type Token = State['tokens'][number];

/**
 * Lets documents that are written for readers of the repository be pages of the site.
 *
 * @param options.root - absolute path of the repository
 * @param options.sources - address under which the files of the repository can be read; undefined: links to them become plain text
 */
export function useRepositoryRules(
  md: MarkdownRenderer,
  { root, sources }: { readonly root: string; readonly sources: string | undefined },
): void {
  md.core.ruler.before('normalize', 'site-only', (state) => {
    state.src = state.src.replaceAll(SITE_ONLY, '$1');
  });
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...more) => {
    const token = tokens[index];
    return token?.info.trim() === 'mermaid'
      ? flowchartTable(token.content)
      : (fence?.(tokens, index, ...more) ?? '');
  };
  md.core.ruler.push('repository-links', (state) => {
    const { realPath, path } = state.env as { readonly realPath?: string; readonly path: string };
    const file = relative(root, realPath ?? path);
    for (const token of state.tokens) {
      if (token.children !== null) {
        token.children = relink(token.children, (href) => resolveLink(href, file, root), sources);
      }
    }
  });
}

/** Gives each link its target on the site; one that has none is left out, but for its text. */
function relink(
  tokens: readonly Token[],
  resolve: (href: string) => ReturnType<typeof resolveLink>,
  sources: string | undefined,
): Token[] {
  const open: boolean[] = [];
  return tokens.filter((token) => {
    if (token.type === 'link_close') {
      return open.pop() ?? true;
    }
    if (token.type !== 'link_open') {
      return true;
    }
    const target = resolve(token.attrGet('href') ?? '');
    const isKept = target.code !== 'source' || sources !== undefined;
    open.push(isKept);
    token.attrSet('href', target.code === 'source' ? `${sources}/${target.path}` : target.href);
    if (target.code === 'file') {
      token.attrSet('target', '_self');
    }
    return isKept;
  });
}
