// Goal: a temporary folder goes with its process, however that one ends.
// Method: a process of its own, which is killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createTemporaryFolder } from '../../src/functions/temporary-folder.ts';

const MODULE = new URL('../../src/functions/temporary-folder.ts', import.meta.url).href;

function owner(then: string) {
  const program = `import { createTemporaryFolder } from '${MODULE}';
    import { writeFileSync } from 'node:fs';
    const { path, remove } = await createTemporaryFolder('oncefold-test');
    writeFileSync(path + '/file', '');
    console.log(path);
    ${then}`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

it('is removed, with what is in it, as often as that is asked for', async () => {
  const folder = await createTemporaryFolder('oncefold-test');
  writeFileSync(join(folder.path, 'file'), '');
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
  await folder.remove();
});

it('goes with a process that is killed', async () => {
  const process = owner('setInterval(() => {}, 1000);');
  const [line] = await once(process.stdout, 'data');
  const path = String(line).trim();
  expect(existsSync(path)).toBe(true);
  process.kill('SIGKILL');
  await expect.poll(() => existsSync(path)).toBe(false);
});

it('keeps no process alive', async () => {
  const process = owner('');
  const path = (await text(process.stdout)).trim();
  await expect.poll(() => existsSync(path)).toBe(false);
});
