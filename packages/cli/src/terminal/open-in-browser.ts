import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a process runs, as far as it decides what opens a file. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A program that opens a file with what the desktop has for it. */
export interface Opener {
  readonly command: string;
  readonly arguments: readonly string[];
}

/**
 * Finds what opens a page in the browser of this desktop.
 *
 * @returns nothing on a machine without a desktop, such as one that is reached by SSH, or without such a program
 */
export function findOpener({ platform, environment }: Desktop): Opener | undefined {
  switch (platform) {
    case 'darwin':
      return { command: 'open', arguments: [] };
    case 'win32':
      return { command: 'explorer.exe', arguments: [] };
    default: {
      const hasScreen = Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
      const command = join(folderOf('xdg-open', environment) ?? '', 'xdg-open');
      return hasScreen && command !== 'xdg-open' ? { command, arguments: [] } : undefined;
    }
  }
}

function folderOf(program: string, environment: Desktop['environment']): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter);
  return folders.find((folder) => folder !== '' && existsSync(join(folder, program)));
}

/**
 * Opens a page in the browser, and does not wait for it.
 *
 * @returns whether there is something that opens it
 */
export function openInBrowser(file: string): Promise<boolean> {
  const opener = findOpener({ platform: process.platform, environment: process.env });
  if (opener === undefined) {
    return Promise.resolve(false);
  }
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(opener.command, [...opener.arguments, file], { detached: true, stdio: 'ignore' });
  child.once('spawn', () => resolve(true));
  child.once('error', () => resolve(false));
  child.unref();
  return promise;
}
