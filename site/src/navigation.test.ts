import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { navigation } from '../.vitepress/navigation.ts';

const root = join(import.meta.dirname, '../..');
const { nav = [], sidebar = [] } = navigation(root);
const groups = sidebar as readonly {
  readonly text: string;
  readonly items: readonly { readonly link: string }[];
}[];
const linksOf = (name: string): readonly string[] =>
  groups.find(({ text }) => text === name)?.items.map(({ link }) => link) ?? [];

describe('navigation', () => {
  it('leads to every page of docs', () => {
    const all = groups.flatMap(({ items }) => items.map(({ link }) => link));
    const pages = readdirSync(join(root, 'docs'))
      .filter((file) => file.endsWith('.md') && file !== 'index.md')
      .map((file) => `/${file.replace(/\.md$/, '')}`);
    expect(pages.filter((page) => !all.includes(page))).toEqual([]);
  });

  it.each([
    ['How-to', 'How to'],
    ['Reference', 'Reference'],
    ['Explanation', 'Explanation'],
  ])('marks %s, and it alone, on each page of its group', (text, group) => {
    const links = linksOf(group).filter((link) => !link.endsWith('.html'));
    const matches = nav.flatMap((item) =>
      'activeMatch' in item ? [{ text: item.text, match: new RegExp(item.activeMatch ?? '') }] : [],
    );
    const marked = links.map((link) => [
      link,
      matches.filter(({ match }) => match.test(link)).map((item) => item.text),
    ]);
    expect(links.length).toBeGreaterThan(4);
    expect(marked).toEqual(links.map((link) => [link, [text]]));
  });
});
