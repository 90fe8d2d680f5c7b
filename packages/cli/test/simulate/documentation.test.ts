// Goal: the history that docs/simulator.md shows is the one that its command prints.
// Method: the command of the page is run, and what it prints is compared. A change of the simulator makes other histories of the
// same seeds: then choose one anew by `npm run oncefold -- simulate --strategy request-token`, and copy it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runOncefold } from '../support/run-oncefold.ts';

const page = readFileSync(new URL('../../../../docs/simulator.md', import.meta.url), 'utf8');

describe('docs/simulator.md', { timeout: 120_000 }, () => {
  it('shows a history as it is printed', async () => {
    const [, words = '', shown] =
      /^```console\n\$ npm run oncefold -- (simulate (?:.*\\\n)*.*)\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const { stdout, stderr } = await runOncefold(words.split(/[\s\\]+/));
    expect(stderr).toBe('');
    expect(shown).toBe(stdout);
    expect(stdout).toContain('>>>  r');
  });
});
