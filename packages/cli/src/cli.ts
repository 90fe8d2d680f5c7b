#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything of ours is loaded: compiling it takes half of the time to a command's first line. Without a place for the cache
// the command works as well.
enableCompileCache();
const { runCommandLine } = await import('./command-line/run-command-line.ts');

const status = await runCommandLine(process.argv.slice(2));
// A pipe takes what was written piece by piece, and an exit would cut the rest off.
await Promise.all([process.stdout, process.stderr].map(drain));
process.exit(status);

function drain(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // Whoever read it may have gone.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
