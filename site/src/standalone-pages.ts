import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseReport, renderHtml } from '@oncefold/comparison';

/** Commands of a document that print a history. */
const HISTORY = /^```console\n\$ npm run oncefold -- (simulate (?:.*\\\n)*.*)\n/gm;

/** What the report stands among on the site. */
const REPORT_LINKS = [
  { text: 'Oncefold', href: 'index.html' },
  { text: 'Choose a strategy', href: 'choose-a-strategy.html' },
  { text: 'Why each strategy breaks', href: 'why-strategies-break.html' },
  { text: 'Guarantees', href: 'guarantees.html' },
  { text: 'Playground', href: 'playground.html' },
];

/**
 * Writes the pages that are whole documents of their own, with everything that they show in them.
 *
 * @param options.root - absolute path of the repository
 * @param options.folder - absolute path of the built site
 */
export function writeStandalonePages({
  root,
  folder,
}: {
  readonly root: string;
  readonly folder: string;
}): void {
  const run = (...words: string[]): void => {
    execFileSync(process.execPath, words, { cwd: root });
  };
  run('packages/simulator/playground/build.ts', join(folder, 'playground.html'), 'index.html');
  const report = gunzipSync(readFileSync(join(root, 'site/comparison/report.json.gz'))).toString('utf8');
  writeFileSync(join(folder, 'comparison.html'), renderHtml(parseReport(report), REPORT_LINKS));
  mkdirSync(join(folder, 'timelines'), { recursive: true });
  const text = readFileSync(join(root, 'docs/why-strategies-break.md'), 'utf8');
  for (const [, command = ''] of text.matchAll(HISTORY)) {
    const words = command.split(/[\s\\]+/);
    const optionOf = (option: string): string => words[words.indexOf(option) + 1] ?? '';
    const file = join(folder, 'timelines', `${optionOf('--strategy')}-${optionOf('--seed')}.html`);
    run('packages/cli/src/cli.ts', ...words, '--output', file);
  }
}
