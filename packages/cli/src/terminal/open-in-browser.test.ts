import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findOpener } from './open-in-browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'oncefold-opener-'));
writeFileSync(join(folder, 'xdg-open'), '');
afterAll(() => rmSync(folder, { recursive: true }));

describe('findOpener', () => {
  it('takes what a Linux desktop has', () => {
    const found = { command: join(folder, 'xdg-open'), arguments: [] };
    const environment = { PATH: `/nowhere:${folder}` };
    expect(findOpener({ platform: 'linux', environment: { ...environment, DISPLAY: ':0' } })).toEqual(found);
    const wayland = { ...environment, DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' };
    expect(findOpener({ platform: 'linux', environment: wayland })).toEqual(found);
  });

  it('finds nothing without a screen, or without a program that opens', () => {
    expect(findOpener({ platform: 'linux', environment: { PATH: folder } })).toBeUndefined();
    expect(
      findOpener({ platform: 'linux', environment: { PATH: '/nowhere', DISPLAY: ':0' } }),
    ).toBeUndefined();
  });

  it('takes what macOS and Windows always have', () => {
    expect(findOpener({ platform: 'darwin', environment: {} })?.command).toBe('open');
    expect(findOpener({ platform: 'win32', environment: {} })?.command).toBe('explorer.exe');
  });
});
