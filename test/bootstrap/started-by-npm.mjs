/** What `npm run demo` does after its set-up, with a program that only starts others and says who they are. */
import process from 'node:process';
import { watchOwner } from '../../scripts/bootstrap/owner.mjs';
import { endWith, runChild } from '../../scripts/bootstrap/run-child.mjs';

const program = `
  import { spawn } from 'node:child_process';
  const other = spawn('sleep', ['600'], { stdio: 'ignore' });
  process.on('SIGINT', () => process.exit(42));
  if (process.argv.includes('deaf')) process.on('SIGTERM', () => undefined);
  console.log(JSON.stringify({ shell: Number(process.env.SHELL_PID), bootstrap: process.ppid, program: process.pid, other: other.pid }));
  setInterval(() => undefined, 1000);
`;

watchOwner();
endWith(
  await runChild({
    command: process.execPath,
    arguments: ['--input-type=module', '-e', program, ...process.argv.slice(2)],
    directory: process.cwd(),
    environment: { SHELL_PID: String(process.ppid) },
  }),
);
