import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files and folders that are looked at; what is not decided with them is not said. */
const ENTRIES_MAX = 2_000;
const SOURCE = /\.(?:[cm]?[jt]sx?|py|java|kt|go|rs)$/;
const TEST = /\.(?:test|spec)\.[^.]+$/;
/** What no person writes, and is written without a change of the code. */
const SKIPPED = /^(?:\..*|node_modules|__pycache__|dist|build|target|venv)$/;

/** Finds a source file in a code folder that was changed after a time, in milliseconds. */
export function findNewerSource(folder: string, time: number): string | undefined {
  const folders = [folder];
  let left = ENTRIES_MAX;
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      left -= 1;
      if (left < 0) {
        return undefined;
      }
      const path = join(next, entry.name);
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) {
        folders.push(path);
      } else if (entry.isFile() && SOURCE.test(entry.name) && !TEST.test(entry.name)) {
        // The file may go meanwhile: an editor replaces it.
        const modifiedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
        if (modifiedAt > time) {
          return path;
        }
      }
    }
  }
  return undefined;
}
