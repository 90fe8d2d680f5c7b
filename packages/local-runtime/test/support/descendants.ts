import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process, distinguished from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
}

/** Finds every process that descends from the given one, itself included. */
export function descendantsOf(pid: number): readonly ProcessIdentity[] {
  const all = listProcesses();
  const found = all.filter((candidate) => candidate.pid === pid);
  for (let grown = true; grown; ) {
    const children = all.filter(
      (candidate) =>
        !found.includes(candidate) && found.some((ancestor) => ancestor.pid === candidate.parent),
    );
    found.push(...children);
    grown = children.length > 0;
  }
  return found;
}

/** Waits until none of the processes is left; the test's own limit ends the wait. */
export async function untilGone(processes: readonly ProcessIdentity[]): Promise<void> {
  const isSame = (a: ProcessIdentity) => (b: ProcessIdentity) =>
    a.pid === b.pid && a.startedAt === b.startedAt;
  while (listProcesses().some((running) => processes.some(isSame(running)))) {
    await sleep(20);
  }
}

function listProcesses(): readonly ProcessIdentity[] {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

function listFromProc(): readonly ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'latin1');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        // A process that has ended and whose parent has not asked for its status yet is gone for our purpose.
        if (fields[0] === 'Z') {
          return [];
        }
        return [{ pid: Number(name), parent: Number(fields[1]), startedAt: fields[19] ?? '' }];
      } catch {
        // It ended between the listing and the reading.
        return [];
      }
    });
}

function listFromPs(): readonly ProcessIdentity[] {
  return execFileSync('ps', ['-axo', 'pid=,ppid=,state=,lstart='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, state = '', startedAt = ''] =
        /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined || state.startsWith('Z')
        ? []
        : [{ pid: Number(pid), parent: Number(parent), startedAt }];
    });
}

export function isRunning(pid: number): boolean {
  return descendantsOf(pid).length > 0;
}
