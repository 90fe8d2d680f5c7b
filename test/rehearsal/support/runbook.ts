import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../../documentation/code-blocks.ts';
import { root } from '../../template/project-template.ts';

const FILE = 'docs/operations.md';

/**
 * Finds a block of shell in the runbook, so that a rehearsal runs what is written there and nothing else.
 *
 * @param section - the heading that it is under
 * @param part - text that only this block of the section has
 */
export function recipe(section: string, part: string): string {
  const text = readFileSync(join(root, FILE), 'utf8');
  const [own, ...others] = text.split(/^## /m).filter((one) => one.startsWith(`${section}\n`));
  if (own === undefined || others.length > 0) {
    throw new Error(`${FILE} must have one section ${section}`);
  }
  const found = blocksOf(FILE, own).filter((block) => block.language === 'sh' && block.text.includes(part));
  const [block] = found;
  if (block === undefined || found.length > 1) {
    throw new Error(
      `${FILE} must have one block with ${part} in the section ${section}, not ${found.length}`,
    );
  }
  // Within a list it is indented, which matters to what is quoted over several lines.
  const lines = block.text.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
