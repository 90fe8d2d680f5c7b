/// <reference path="./pidusage.d.ts" />
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import pidusage from 'pidusage';

/** Linux counts in 1/100 s towards programs, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;

/**
 * Reads how much CPU time a running process has used, without waiting.
 *
 * Made for the moment before a process is killed, when its time would be lost.
 *
 * @returns user and system seconds of all its threads, and of its children that have ended; `undefined` where the process is gone or the system has no `/proc`
 */
export function readCpuSeconds(pid: number): number | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may itself hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Its own, and that of children that it has waited for: a shell script does its work in them.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : undefined;
}

/**
 * Asks the system how much CPU time a running process has used.
 *
 * @returns user and system seconds; `undefined` when the process is gone
 */
export async function askCpuSeconds(pid: number): Promise<number | undefined> {
  if (platform() === 'linux') {
    return readCpuSeconds(pid);
  }
  try {
    return (await pidusage(pid)).ctime / 1000;
  } catch {
    return undefined;
  }
}
