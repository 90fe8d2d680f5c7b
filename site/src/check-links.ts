import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** What a page needs to be shown, and must not come from another host. */
const FETCHED =
  /<(?:audio|embed|iframe|img|script|source|video)\b[^>]*?\ssrc(?:set)?="([^"]*)"|<link\b[^>]*?\shref="([^"]*)"|url\(["']?(https?:[^)"']*)/g;
const FOLLOWED = /<a\b[^>]*?\shref="([^"]*)"/g;
const ANCHOR = /\s(?:id|name)="([^"]*)"/g;

interface BuiltPage {
  readonly file: string;
  readonly fetched: readonly string[];
  readonly followed: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

/**
 * Checks the pages of a built site: every link and anchor within it leads somewhere, and nothing is fetched from another host.
 *
 * @param folder - absolute path of the site
 * @returns what is wrong, a line each, and how much was looked at
 */
export function checkLinks(folder: string): {
  readonly problems: readonly string[];
  readonly pages: number;
  readonly links: number;
} {
  const files = new Set(globSync('**/*', { cwd: folder, withFileTypes: false }));
  const pages = new Map(
    [...files].filter((file) => file.endsWith('.html')).map((file) => [file, readPage(folder, file)]),
  );
  let links = 0;
  const problems = [...pages.values()].flatMap((page) => {
    const { file, fetched, followed } = page;
    const foreign = fetched.filter((address) => /^(?:https?:)?\/\//.test(address));
    const own = [...fetched, ...followed].filter((address) => !/^(?:[a-z]+:|\/\/)/.test(address));
    links += own.length;
    return [
      ...foreign.map((address) => `${file} fetches ${address}`),
      ...own.flatMap((address) => {
        const problem = problemOf(address, page, { files, pages });
        return problem === undefined ? [] : [`${file}: ${address} ${problem}`];
      }),
    ];
  });
  return { problems: [...new Set(problems)].sort(), pages: pages.size, links };
}

function readPage(folder: string, file: string): BuiltPage {
  // What a script holds as text is none of the page's own.
  const text = readFileSync(join(folder, file), 'utf8').replaceAll(
    /(<script\b[^>]*>)[\s\S]*?<\/script>/g,
    '$1',
  );
  const all = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, ...groups]) =>
      (groups.find((group) => group !== undefined) ?? '').replaceAll('&amp;', '&'),
    );
  return { file, fetched: all(FETCHED), followed: all(FOLLOWED), anchors: new Set(all(ANCHOR)) };
}

function problemOf(
  address: string,
  from: BuiltPage,
  { files, pages }: { readonly files: ReadonlySet<string>; readonly pages: ReadonlyMap<string, BuiltPage> },
): string | undefined {
  const [path = '', anchor = ''] = address.replace(/\?[^#]*/, '').split('#');
  const target = path === '' ? from.file : placeOf(path, from.file);
  if (!files.has(target)) {
    return 'leads nowhere';
  }
  const anchors = pages.get(target)?.anchors;
  // What has a `=` is a state of the page's script, not a place in the page.
  return anchor === '' ||
    anchor.includes('=') ||
    anchors === undefined ||
    anchors.has(decodeURIComponent(anchor))
    ? undefined
    : `leads to a page without this anchor`;
}

function placeOf(path: string, file: string): string {
  const whole = path.endsWith('/') ? `${path}index.html` : path;
  return decodeURIComponent(whole.startsWith('/') ? whole.slice(1) : posix.join(dirname(file), whole));
}
