/**
 * Loads a module as a runtime interface client does, in a process of its own.
 *
 *     node --enable-source-maps bench/src/cold-start/load-module.ts FILE
 *
 * Prints the microseconds of CPU time that loading it has taken.
 */
import { pathToFileURL } from 'node:url';

const start = process.cpuUsage();
await import(pathToFileURL(process.argv[2] ?? '').href);
const { user, system } = process.cpuUsage(start);
console.log(user + system);
// A function may keep the process alive.
process.exit();
