/**
 * Refuses to pack a package with anything but pnpm, and clears what an earlier build has left in its `dist`.
 *
 * The first step of `prepack` in every published package. Only pnpm replaces `workspace:` and `catalog:` ranges by
 * versions and puts `publishConfig` into the manifest; a tarball of npm would name TypeScript that it does not hold.
 */
import { readFileSync, rmSync } from 'node:fs';
import process from 'node:process';

const [packer = 'an unknown program'] = (process.env.npm_config_user_agent ?? '').split(' ');
if (!packer.startsWith('pnpm/')) {
  const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
  console.error(
    `${packer} cannot pack ${name}: its tarball could not be imported. In this folder run \`pnpm pack\`, or \`pnpm publish\`.`,
  );
  process.exit(1);
}
rmSync('dist', { recursive: true, force: true });
