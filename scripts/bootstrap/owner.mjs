import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { endChildren } from './run-child.mjs';

const POLL_INTERVAL_MS = process.platform === 'linux' ? 200 : 1000;
const shellNames = /^-?(ash|bash|busybox|dash|ksh|mksh|sh|zsh)$/;
const initNames = /^(systemd|init|launchd|tini|dumb-init|docker-init|catatonit)$/;
const chainLengthMax = 8;

/**
 * Ends this process and what it started when the npm (or pnpm) that started it is gone.
 *
 * npm passes signals on, but a SIGKILL it cannot pass on. A process whose parent dies gets another parent at once, even
 * while nobody has collected the dead one; so each link from here to npm is looked at a few times a second. Nothing is
 * watched when this was started without npm.
 */
export function watchOwner() {
  if (process.env.npm_lifecycle_event === undefined) {
    return;
  }
  const links = linksToOwner();
  const timer = setInterval(check, POLL_INTERVAL_MS);
  timer.unref();
  check();

  function check() {
    if (links.length > 0 && links.every(isUnbroken)) {
      return;
    }
    clearInterval(timer);
    console.error('The npm that started this command has ended: the command ends, too.');
    void endChildren('SIGTERM').then(() => process.exit(1));
  }
}

/** Process id of the npm (or pnpm) that started this process; nothing when it is gone, or when there is none. */
export function ownerPid() {
  return process.env.npm_lifecycle_event === undefined ? undefined : linksToOwner().at(-1)?.parent;
}

/** The pairs of child and parent from this process up to npm: npm starts a shell, and the shell starts us. */
function linksToOwner() {
  const links = [{ child: process.pid, parent: process.ppid }];
  for (let length = 1; length < chainLengthMax; length += 1) {
    const { parent } = links.at(-1);
    const name = nameOf(parent);
    // Adopted before we could look: npm is gone already.
    if (name === undefined || initNames.test(name)) {
      return [];
    }
    if (!shellNames.test(name)) {
      return links;
    }
    const grandparent = parentOf(parent);
    if (grandparent === undefined) {
      return [];
    }
    links.push({ child: parent, parent: grandparent });
  }
  return links;
}

/** A question that got no answer, because files or processes are short, is no end of anybody: it is asked again. */
function isUnbroken({ child, parent }) {
  try {
    return parentOf(child) === parent;
  } catch {
    return true;
  }
}

function parentOf(pid) {
  if (pid === process.pid) {
    return process.ppid;
  }
  const text = process.platform === 'linux' ? statOf(pid)?.afterName.split(' ')[1] : ps('ppid', pid);
  return text === undefined ? undefined : Number(text);
}

function nameOf(pid) {
  return process.platform === 'linux' ? statOf(pid)?.name : ps('comm', pid)?.replace(/^.*\//, '');
}

/** The line is `pid (name) state ppid …`, and the name may hold anything. Throws when the process may be there. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    return { name: text.slice(text.indexOf('(') + 1, end), afterName: text.slice(end + 2) };
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') {
      return undefined;
    }
    throw error;
  }
}

function ps(column, pid) {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5000,
    }).trim();
  } catch (error) {
    // The status says that there is no such process; a machine that is too busy to answer says nothing of it.
    if (error.status === 1) {
      return undefined;
    }
    throw error;
  }
}
