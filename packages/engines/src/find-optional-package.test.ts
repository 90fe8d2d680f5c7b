import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findOptionalPackage } from './find-optional-package.ts';

describe('findOptionalPackage', () => {
  it('finds the manifest of what is installed', () => {
    expect(existsSync(findOptionalPackage('kinesalite'))).toBe(true);
  });

  it('says what to install where a package was left out', () => {
    expect(() => findOptionalPackage('left-out')).toThrow(
      expect.objectContaining({
        code: 'engine-unavailable',
        message: expect.stringContaining('left-out is not installed; install the optional dependencies, too'),
      }),
    );
  });
});
