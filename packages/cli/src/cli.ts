#!/usr/bin/env node
import nodeModule from 'node:module';
import { whyTooOld } from './command-line/check-node-version.ts';
import { exitStatus } from './command-line/exit-status.ts';

const refusal = whyTooOld(process.versions.node);
const status = refusal === undefined ? await run() : refuse(refusal);
// A pipe takes what was written piece by piece, and an exit would cut the rest off.
await Promise.all([process.stdout, process.stderr].map(drain));
process.exit(status);

async function run(): Promise<number> {
  // Before anything else of ours is loaded: compiling it takes half of the time to a command's first line. Without a place for the
  // cache the command works as well.
  nodeModule.enableCompileCache();
  const { runCommandLine } = await import('./command-line/run-command-line.ts');
  return runCommandLine(process.argv.slice(2));
}

/** Loads nothing: a Node.js that is too old fails at what it does not know before a line of it has run. */
function refuse(reason: string): number {
  process.stderr.write(`oncefold: ${reason}\n`);
  return exitStatus.couldNotRun;
}

function drain(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // Whoever read it may have gone.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
