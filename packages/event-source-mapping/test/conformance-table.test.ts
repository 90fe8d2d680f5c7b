// Goal: the README's table does not name tests that are not there. Method: its file and test names are looked up in the
// sources; Vite reads them in as text.
import { describe, expect, it } from 'vitest';

declare global {
  interface ImportMeta {
    /** Vite's; its own types would bring in those of the browser. */
    glob(patterns: string | string[], options: { query: '?raw'; eager: true }): Record<string, unknown>;
  }
}

const readme =
  Object.values(textsOf(import.meta.glob('../README.md', { query: '?raw', eager: true })))[0] ?? '';
const sources = textsOf(import.meta.glob(['./*.ts', '../src/*.test.ts'], { query: '?raw', eager: true }));

describe('the conformance table', () => {
  it('names only test files that exist', () => {
    const named = new Set(
      [...readme.matchAll(/`((?:src|test)\/[\w.-]+\.test(?:-d)?\.ts)`/g)].map((match) => match[1]),
    );
    const existing = Object.keys(sources).map((path) => path.replace('../', '').replace('./', 'test/'));
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((file) => !existing.includes(file ?? ''))).toEqual([]);
  });

  it('names only tests that exist', () => {
    const all = Object.values(sources).join('\n');
    const named = [...readme.matchAll(/“([^”]+?)…?”/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => name !== 'before invocation');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !all.includes(`it('${name}`))).toEqual([]);
  });
});

function textsOf(modules: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(modules).map(([path, module]) => [path, (module as { default: string }).default]),
  );
}
