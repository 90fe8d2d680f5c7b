/**
 * Draws the rooms anew in docs/architecture.md and prints their sizes and the way of a record.
 *
 *     npm run architecture
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawRooms, linesOf, readStructure, root } from './rooms.ts';

const { files } = await readStructure();
const page = join(root, 'docs', 'architecture.md');
const text = readFileSync(page, 'utf8');
const drawn = text.replace(/```mermaid\n[\s\S]*?\n```/, () => `\`\`\`mermaid\n${drawRooms(files)}\n\`\`\``);
writeFileSync(page, drawn);
console.table(Object.fromEntries([...linesOf(files)].map(([room, lines]) => [room, { lines }])));
