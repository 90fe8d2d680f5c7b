import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { whyTooOld } from './check-node-version.ts';

describe('whyTooOld', () => {
  it.each(['20.20.2', '22.11.0', '18.0.0'])('refuses Node.js %s, and says what to do', (version) => {
    expect(whyTooOld(version)).toContain(
      `Node.js 22.12 or later is needed, this is ${version}; with the newer one, install the packages again`,
    );
  });

  it.each(['22.12.0', '22.20.1', '24.0.0', '26.1.0-nightly'])('takes Node.js %s', (version) => {
    expect(whyTooOld(version)).toBeUndefined();
  });

  it('asks for what the manifest asks for', () => {
    expect(manifest.engines.node).toBe('>=22.12');
  });
});
