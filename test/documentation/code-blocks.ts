import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced code block of a document, or of an `@example` in a doc comment. */
export interface CodeBlock {
  /** Path from the repository's root. */
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The word behind the fence; empty for a block of none. */
  readonly language: string;
  /** The code on its own lines of the file and nothing else, so that a line number in it is one of the file. */
  readonly text: string;
}

export const root: string = join(import.meta.dirname, '..', '..');

const IGNORED = ['**/node_modules/**', '**/dist/**'];

/** @returns Paths from the repository's root of what people read. */
export function documents(): readonly string[] {
  const places = ['*.md', '{docs,events,examples,packages,services,stacks,test}/**/*.md', 'site/*.md'];
  return globSync(places, { cwd: root, exclude: IGNORED }).sort();
}

/** @returns The blocks of all documents. */
export function documentBlocks(): readonly CodeBlock[] {
  return documents().flatMap((file) => blocksOf(file, readFileSync(join(root, file), 'utf8')));
}

/** @returns The examples in the doc comments of all packages. */
export function exampleBlocks(): readonly CodeBlock[] {
  return globSync('packages/*/src/**/*.ts', { cwd: root, exclude: IGNORED })
    .sort()
    .flatMap((file) => blocksOf(file, commentsOf(readFileSync(join(root, file), 'utf8'))));
}

/** Keeps the text of doc comments, each line in its place. */
function commentsOf(source: string): string {
  return source
    .split('\n')
    .map((line) => /^\s*\*(?: (.*))?$/.exec(line)?.[1] ?? '')
    .join('\n');
}

/**
 * Finds the fenced blocks of a text.
 *
 * What a block of TypeScript is given from outside, a hidden comment before it can declare. It is compiled with the
 * block, in its own lines:
 *
 *     <!-- ts-context
 *     declare const streamArn: string;
 *     -->
 *
 * @param file - path from the repository's root; only repeated in the blocks
 * @param text - markdown
 * @returns the blocks in their order. A block without an end reaches to the end of the text.
 */
export function blocksOf(file: string, text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let context = new Map<number, string>();
  let open: { fence: string; line: number; language: string; lines: Map<number, string> } | undefined;
  let isContext = false;
  const close = (): void => {
    if (open === undefined) {
      return;
    }
    const { line, language, lines } = open;
    const isTypeScript = language === 'ts';
    blocks.push({ file, line, language, text: layOut(isTypeScript ? [...context, ...lines] : [...lines]) });
    if (isTypeScript) {
      context = new Map();
    }
    open = undefined;
  };
  for (const [index, content] of text.split('\n').entries()) {
    const fence = /^\s*(```+)\s*(\w*)/.exec(content);
    if (open !== undefined) {
      if (fence?.[1] === open.fence && fence[2] === '') {
        close();
      } else {
        open.lines.set(index, content);
      }
    } else if (isContext) {
      isContext = content.trim() !== '-->';
      if (isContext) {
        context.set(index, content);
      }
    } else if (fence !== null) {
      open = { fence: fence[1] ?? '', line: index + 1, language: fence[2] ?? '', lines: new Map() };
    } else {
      isContext = content.trim() === '<!-- ts-context';
    }
  }
  close();
  return blocks;
}

function layOut(lines: readonly (readonly [number, string])[]): string {
  const text: string[] = [];
  for (const [index, line] of lines) {
    while (text.length < index) {
      text.push('');
    }
    text[index] = line;
  }
  return `${text.join('\n')}\n`;
}
