import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Browser, findChromium, startChromium } from './chromium.ts';

/** What tests in a browser work with; only within a test. */
interface ChromiumTools {
  readonly it: typeof it;
  readonly browser: () => Browser;
  /** A folder that is gone afterwards. */
  readonly folder: () => string;
}

/**
 * Describes what holds in a browser; where there is none, every test is skipped under a name that says so.
 *
 * Skipped and not failed, because a browser is a package of the machine and none of the project's: whoever has none can still run
 * every other test, and what the pages are made of is tested without one.
 */
export function describeInChromium(name: string, tests: (tools: ChromiumTools) => void): void {
  const executable = findChromium();
  if (executable === undefined) {
    const skipped = `${name} (SKIPPED: no chromium on the PATH, and none named by CHROMIUM)`;
    // Reporters leave out what is skipped as a whole.
    console.warn(skipped);
    // Justified above: a browser belongs to the machine. CI's machine has one, so that nothing is skipped there.
    describe.skip(skipped, () => {
      tests({ it, browser: missing, folder: missing });
    });
    return;
  }
  describe(name, () => {
    let browser: Browser | undefined;
    let folder: string | undefined;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'oncefold-pages-'));
      browser = await startChromium(executable);
    });
    afterAll(async () => {
      await browser?.close();
      if (folder !== undefined) {
        rmSync(folder, { recursive: true, force: true });
      }
    });
    tests({ it, browser: () => browser ?? missing(), folder: () => folder ?? missing() });
  });
}

function missing(): never {
  throw new Error('invariant: the browser is there within a test only');
}
