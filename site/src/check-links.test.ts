import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkLinks } from './check-links.ts';

const folders: string[] = [];

function siteOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'oncefold-site-'));
  folders.push(folder);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
});

describe('checkLinks', () => {
  it('accepts links to pages, anchors, folders and other hosts', () => {
    const folder = siteOf({
      'index.html':
        '<a href="a/b.html#there">b</a> <a href="/">home</a> <a href="https://example.com/x">x</a>',
      'a/b.html': '<h2 id="there">b</h2> <a href="../">home</a> <a href="#there">up</a> <img src="../i.svg">',
      'i.svg': '<svg/>',
    });
    expect(checkLinks(folder)).toEqual({ problems: [], pages: 2, links: 5 });
  });

  it('names links that lead nowhere, and anchors that are not there', () => {
    const folder = siteOf({
      'index.html':
        '<a href="gone.html">a</a> <a href="a/b.html#gone">b</a> <iframe src="gone/x.html"></iframe>',
      'a/b.html': '<h2 id="there">b</h2>',
    });
    expect(checkLinks(folder).problems).toEqual([
      'index.html: a/b.html#gone leads to a page without this anchor',
      'index.html: gone.html leads nowhere',
      'index.html: gone/x.html leads nowhere',
    ]);
  });

  it.each([
    '<img src="https://example.com/a.png">',
    '<script src="//example.com/a.js"></script>',
    '<link rel="stylesheet" href="https://fonts.example.com/css">',
    '<style>@font-face { src: url(https://example.com/a.woff2) }</style>',
  ])('names what is fetched from another host: %s', (html) => {
    expect(checkLinks(siteOf({ 'index.html': html })).problems).toHaveLength(1);
  });
});
