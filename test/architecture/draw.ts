/**
 * Draws the rooms anew in docs/architecture.md, and prints their sizes and what of our own each function is made of.
 *
 *     npm run architecture                  sizes
 *     npm run architecture -- map           and the files of one function
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { drawRooms, linesOf, readStructure, root } from './rooms.ts';

const STAGES = ['state', 'map', 'reduce'];

const { files } = await readStructure();
const page = join(root, 'docs', 'architecture.md');
console.table(Object.fromEntries([...linesOf(files)].map(([room, lines]) => [room, { lines }])));

let drawn = readFileSync(page, 'utf8').replace(
  /```mermaid\n[\s\S]*?\n```/,
  () => `\`\`\`mermaid\n${drawRooms(files)}\n\`\`\``,
);
for (const stage of STAGES) {
  const bundled = await filesOf(stage);
  drawn = drawn.replace(new RegExp(`^\\| ${stage} \\| \\d+ \\|`, 'm'), `| ${stage} | ${bundled.length} |`);
  console.log(`${stage}: ${bundled.length} files`);
  if (process.argv.includes(stage)) {
    console.log(bundled.map((file) => `  ${file}`).join('\n'));
  }
}

writeFileSync(page, drawn);

/** The files of ours of which something is left in a function's bundle. */
async function filesOf(stage: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`services/${stage}/src/handler.ts`],
    outfile: 'unwritten.mjs',
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    metafile: true,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs
    .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && !file.includes('node_modules'))
    .map(([file]) => file)
    .sort();
}
