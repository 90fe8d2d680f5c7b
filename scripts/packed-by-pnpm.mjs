/**
 * Refuses to pack a package with anything but pnpm, or a private one, and clears what an earlier build has left in its `dist`.
 *
 * The first step of `prepack` in every published package, and all of it at the root. Only pnpm replaces `workspace:` and `catalog:` ranges by
 * versions and puts `publishConfig` into the manifest; a tarball of npm would name TypeScript that it does not hold.
 */
import { readFileSync, rmSync } from 'node:fs';
import process from 'node:process';

const { name, private: isPrivate } = JSON.parse(readFileSync('package.json', 'utf8'));
if (isPrivate) {
  console.error(
    `${name} is not a package to be installed: those are the folders below packages. \`npm run publish:local\` publishes them on this machine.`,
  );
  process.exit(1);
}
const [packer = 'an unknown program'] = (process.env.npm_config_user_agent ?? '').split(' ');
if (!packer.startsWith('pnpm/')) {
  console.error(
    `${packer} cannot pack ${name}: its tarball could not be imported. In this folder run \`pnpm pack\`, or \`pnpm publish\`.`,
  );
  process.exit(1);
}
rmSync('dist', { recursive: true, force: true });
