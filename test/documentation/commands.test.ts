// Goal: a command that a document shows can be typed as it is there.
// Method: every block of shell is parsed by bash; every npm script, command and option of Oncefold, file and section of
// samconfig.toml that a document names is looked up where it is made.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CodeBlock, documentBlocks, documents, root } from './code-blocks.ts';
import { shellCommands } from './shell-commands.ts';

const COMMAND_LINE = 'packages/cli/src/cli.ts';
/** Languages of blocks, each with a test: `ts` beside this file, the others here. */
const SHELLS = ['sh', 'console'];
const PROSE = ['', 'text'];
/** Files of a project that test-streams.test.ts runs. */
const OF_PROJECT = ['js', 'py', 'yaml'];
/** Pictures; test/architecture checks them. */
const DRAWN = ['mermaid'];

interface Snippet {
  readonly file: string;
  /** File and line, for the report. */
  readonly place: string;
  readonly text: string;
}

const blocks = documentBlocks();

/** Lines of shell, with continued lines joined, and without prompts and what a console answers. */
const shellLines: readonly Snippet[] = blocks
  .filter((block) => SHELLS.includes(block.language))
  .flatMap(({ file, language, text }) =>
    joinContinued(text).flatMap(({ line, content }) => {
      const command = language === 'console' ? (/^\s*\$ (.*)/.exec(content)?.[1] ?? '') : content;
      return command.trim() === ''
        ? []
        : [{ file, place: `${file}:${line}`, text: command.replace(/\s+#\s.*$/, '') }];
    }),
  );

/** Code within sentences; it may go over the end of a line. */
const spans: readonly Snippet[] = documents().flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/^\s*```[\s\S]*?^\s*```/gm, (block) =>
    block.replaceAll(/[^\n]/g, ''),
  );
  return [...text.matchAll(/`([^`]+)`/g)].map(({ 1: code = '', index }) => ({
    file,
    place: `${file}:${text.slice(0, index).split('\n').length}`,
    text: code.replaceAll(/\s+/g, ' '),
  }));
});
const snippets = [...shellLines, ...spans];

/** Whole blocks of shell; of a console, what is typed. */
const shellBlocks: readonly Snippet[] = blocks
  .filter((block) => SHELLS.includes(block.language))
  .map(({ file, line, language, text }) => ({
    file,
    place: `${file}:${line}`,
    text:
      language === 'console'
        ? joinContinued(text)
            .map(({ content }) => /^\s*\$ (.*)/.exec(content)?.[1] ?? '')
            .join('\n')
        : text,
  }));

/** Programs of others, and how a document that shows them names them as needed. */
const neededPrograms: Readonly<Record<string, string>> = {
  aws: 'AWS CLI',
  date: 'GNU date',
  git: 'git clone',
  gzip: 'Linux or macOS',
  jq: '[jq](https://jqlang.org)',
  node: 'Node.js 20 or later',
  npm: 'with npm',
  npx: 'with npm',
  sleep: 'Linux or macOS',
};

function isProgram(command: string): boolean {
  return (
    Object.hasOwn(neededPrograms, command) ||
    (command.includes('/') ? existsSync(join(root, command)) : isPinned(command))
  );
}

/** Whether it is what the lockfile says. pnpm itself is fetched before there is anything, in the version of package.json. */
function isPinned(name: string): boolean {
  return (
    name === packageManager || (/^[\w-]+$/.test(name) && existsSync(join(root, 'node_modules', '.bin', name)))
  );
}

const { scripts, packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly packageManager: string;
};

const helps = new Map<string, string>();

/** @returns What the command says about itself; nothing where there is no such command. */
function helpOf(command: string): string {
  const known = helps.get(command);
  if (known !== undefined) {
    return known;
  }
  const args = [COMMAND_LINE, ...(command === '' ? [] : [command]), '--help'];
  const help = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  helps.set(command, help);
  return help;
}

function hasCommand(command: string): boolean {
  return new RegExp(`^ {2}${command}\\b`, 'm').test(helpOf(''));
}

function optionsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([option]) => option);
}

/** Every place where a pattern is found, with its first group and what follows in the same command. */
function found(
  pattern: RegExp,
  list: readonly Snippet[] = snippets,
): { file: string; place: string; name: string; rest: string }[] {
  return list.flatMap(({ file, place, text }) =>
    [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))].map(({ 0: whole, 1: name = '', index }) => ({
      file,
      place,
      name,
      rest: /^[^|&;>]*/.exec(text.slice(index + whole.length))?.[0] ?? '',
    })),
  );
}

/** From the repository's root, or from the document's own folder. */
function isThere(file: string, path: string): boolean {
  return existsSync(join(root, path)) || existsSync(join(root, dirname(file), path));
}

/** What GitHub calls the headings of a document: the first of a name without a number, the others with one. */
function anchorsOf(file: string): ReadonlySet<string> {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '');
  const anchors = new Set<string>();
  const times = new Map<string, number>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.*)$/gm)) {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    anchors.add(before === 0 ? name : `${name}-${before}`);
  }
  return anchors;
}

function joinContinued(text: string): { line: number; content: string }[] {
  const lines: { line: number; content: string }[] = [];
  let isContinued = false;
  for (const [index, content] of text.split('\n').entries()) {
    const last = lines.at(-1);
    if (isContinued && last !== undefined) {
      last.content = `${last.content.slice(0, -1)} ${content}`;
    } else {
      lines.push({ line: index + 1, content });
    }
    isContinued = content.endsWith('\\');
  }
  return lines;
}

describe('documents', () => {
  it('have code of languages only that a test reads', () => {
    const known = ['ts', 'json', ...SHELLS, ...PROSE, ...DRAWN];
    const isRun = ({ file, language }: CodeBlock): boolean =>
      file === 'docs/test-streams.md' && OF_PROJECT.includes(language);
    expect(blocks.filter((block) => !known.includes(block.language) && !isRun(block))).toEqual([]);
    expect(shellLines.length).toBeGreaterThan(20);
    expect(spans.length).toBeGreaterThan(500);
  });

  it('have JSON that can be read', () => {
    const json = blocks.filter((block) => block.language === 'json');
    expect(json.length).toBeGreaterThan(0);
    for (const { text } of json) {
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });

  it.each(
    blocks
      .filter((block) => block.language === 'sh')
      .map((block) => [`${block.file}:${block.line}`, block.text]),
  )('have shell that bash can read: %s', (_, text) => {
    expect(() => execFileSync('bash', ['-n'], { input: text, stdio: 'pipe' })).not.toThrow();
  });

  it('name npm scripts that exist', () => {
    const named = [
      ...found(/\b(?:npm|pnpm) run (?:--[a-z]+ )*([a-z][\w:-]*)/),
      ...found(/\bnpm (test|start)\b/),
    ];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ name }) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('name commands of Oncefold that exist, with options that they take', () => {
    const named = [
      ...found(/\bnpm run (?:--silent )?oncefold -- ([a-z]+)/),
      ...found(/\bnpx --no oncefold ([a-z]+)/),
      ...found(/\bnpm run (?:--silent )?(demo) --/),
      ...found(/^oncefold ([a-z]+)/, spans),
    ];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ name }) => !hasCommand(name))).toEqual([]);
    const unknown = named.flatMap(({ place, name, rest }) => {
      const taken = optionsOf(helpOf(name));
      return optionsOf(rest)
        .filter((option) => !taken.includes(option))
        .map((option) => `${place}: ${name} ${option}`);
    });
    expect(unknown).toEqual([]);
  });

  it('start programs only that the repository has, or that a document names as needed', () => {
    const started = shellBlocks.flatMap(({ place, text }) =>
      shellCommands(text).map((command) => ({ place, command })),
    );
    expect(started.length).toBeGreaterThan(50);
    expect(started.filter(({ command }) => !isProgram(command))).toEqual([]);
    const all = documents().map((file) => readFileSync(join(root, file), 'utf8'));
    for (const name of Object.values(neededPrograms)) {
      expect(all.some((text) => text.includes(name))).toBe(true);
    }
  });

  it('run nothing of the npm registry that the repository does not pin, and neither does a message of the code', () => {
    const sources = globSync(
      ['{packages,services,scripts,stacks,simulation,examples}/**/*.{ts,mjs,sh,py,yaml}', '*.{yaml,toml}'],
      {
        cwd: root,
        exclude: ['**/node_modules/**', '**/dist/**', '**/.aws-sam/**'],
      },
    ).map((file) => ({ file, place: file, text: readFileSync(join(root, file), 'utf8') }));
    expect(sources.length).toBeGreaterThan(500);
    const fetched = found(
      // With --no, npx runs what is installed, or nothing.
      /(?:^|[`'"]|[|&;] *)(?:npx|pnpx|bunx|npm exec|pnpm dlx|yarn dlx) (?!--no )(?:--?[\w-]+ )*([@\w./-]+)/m,
      [...snippets, ...sources],
    );
    expect(fetched.length).toBeGreaterThan(1);
    expect(fetched.filter(({ name }) => !isPinned(name))).toEqual([]);
    const installed = found(
      /\b(?:npm|pnpm|yarn) (?:i|install|add|global add) (?:-\w+ |--[\w-]+ )*(oncefold)\b/,
      [...snippets, ...sources],
    );
    expect(installed).toEqual([]);
  });

  it('have company in messages of the code, which name commands as they are typed', () => {
    const files = globSync('{packages,services,scripts}/**/*.{ts,mjs}', {
      cwd: root,
      exclude: ['**/node_modules/**', '**/dist/**', '**/*.test.ts', '**/test/**'],
    });
    const told = files.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(?:\*|\/)/.test(line) && /`oncefold [a-z]+/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(told).toEqual([]);
  });

  it('would be found to start a program that is none of ours', () => {
    const text =
      'npx oncefold check && AWS_REGION=x oncefold check | jq .\nfor i in 1; do oncefolder "$(other a)" \'x; y\'; done # z';
    expect(shellCommands(text)).toEqual(['npx', 'oncefold', 'jq', 'oncefolder', 'other']);
    expect(shellCommands("aws put '{'$(($(date +%s) + 1))'}'")).toEqual(['aws', 'date']);
    expect(['oncefold', 'oncefolder', 'other'].some(isProgram)).toBe(false);
    expect(['oncefold', 'oncefold@1', '@oncefold/cli'].some(isPinned)).toBe(false);
    expect(['vitest', 'pnpm@12.21.0'].every(isPinned)).toBe(true);
  });

  it('take JSON from npm without its banner', () => {
    const piped = found(/\bnpm run ((?:--silent )?\w+)[^|>]*(?:\||>)/);
    expect(piped.length).toBeGreaterThan(0);
    expect(piped.filter(({ name }) => !name.startsWith('--silent '))).toEqual([]);
  });

  it('link to files that exist', () => {
    const links = documents().flatMap((file) =>
      // What only the site shows is checked when the site is built.
      [
        ...readFileSync(join(root, file), 'utf8')
          .replaceAll(/<!-- site:[\s\S]*?-->/g, '')
          .matchAll(/\]\((?!https?:|#)([^)#\s]+)/g),
      ].map(({ 1: path = '' }) => ({ file, path })),
    );
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(({ file, path }) => !existsSync(join(root, dirname(file), path)))).toEqual([]);
  });

  it('link to headings that exist', () => {
    const links = documents().flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].map(
        ({ 1: path = '', 2: anchor = '' }) => ({
          file,
          anchor,
          target: path === '' ? file : join(dirname(file), path),
        }),
      ),
    );
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(({ target, anchor }) => !anchorsOf(target).has(anchor))).toEqual([]);
  });

  it('name files that exist', () => {
    const folders = 'docs|events|examples|packages|scripts|services|stacks|test';
    const named = [
      ...found(new RegExp(`(?<![\\w/.-])((?:${folders})/[\\w./-]*\\w)(?![\\w/*…{$]|-|\\.\\w)`), shellLines),
      ...found(new RegExp(`^((?:${folders})/[\\w./-]*\\w)/?$`), spans),
    ];
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ file, name }) => !isThere(file, name))).toEqual([]);
  });

  it('name sections of samconfig.toml that exist', () => {
    const sections = readFileSync(join(root, 'samconfig.toml'), 'utf8');
    const named = found(/--config-env ([a-z]+)/);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter(({ name }) => !sections.includes(`[${name}.`))).toEqual([]);
  });
});
