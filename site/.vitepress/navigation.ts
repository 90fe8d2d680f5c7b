import type { DefaultTheme } from 'vitepress';
import { publishedPackages } from '../src/published-packages.ts';

type Page = DefaultTheme.SidebarItem & { readonly link: string };

const howTo: Page[] = [
  { text: 'Install the packages', link: '/install' },
  { text: 'Choose a strategy', link: '/choose-a-strategy' },
  { text: 'Composite keys and measures', link: '/composite-keys' },
  { text: 'Conditions of your own', link: '/conditions' },
  { text: 'Corrections', link: '/corrections' },
  { text: 'Maximum, latest, distinct', link: '/maximum-latest-distinct' },
  { text: 'Move an existing consumer', link: '/migrating' },
  { text: 'Test your own fold', link: '/test-your-fold' },
  { text: 'Test streams', link: '/test-streams' },
  { text: 'Examples', link: '/examples/' },
  { text: 'Run an application locally', link: '/local-runtime' },
  { text: 'Deploy the pipeline', link: '/deploying' },
  { text: 'Monitor and operate it', link: '/operations' },
  { text: 'Run the workshop', link: '/workshop' },
];

const explanation: Page[] = [
  { text: 'Why each strategy breaks', link: '/why-strategies-break' },
  { text: 'Guarantees', link: '/guarantees' },
  { text: 'The comparison', link: '/comparison.html', target: '_self' },
  { text: 'Costs', link: '/costs' },
  { text: 'Performance', link: '/performance' },
  { text: 'Why to trust the packages', link: '/trust' },
  { text: 'Architecture', link: '/architecture' },
  { text: 'Decisions', link: '/decisions/README' },
];

/** In the order of Diátaxis: learn, do, look up, understand. */
export function navigation(root: string): DefaultTheme.Config {
  const reference: Page[] = [
    { text: 'API', link: '/api/', collapsed: true, items: apiItems(root) },
    { text: 'Errors', link: '/errors' },
    { text: 'Template parameters', link: '/template-parameters' },
    { text: 'Tables and stored forms', link: '/stored-forms' },
    { text: 'The simulator', link: '/simulator' },
    { text: 'Local engines', link: '/local-engines' },
    { text: 'Changelog', link: '/CHANGELOG' },
  ];
  return {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'How-to', link: '/choose-a-strategy', activeMatch: within(howTo) },
      { text: 'Reference', link: '/api/', activeMatch: `${within(reference)}|^/packages/` },
      { text: 'Explanation', link: '/why-strategies-break', activeMatch: within(explanation) },
      { text: 'Playground', link: '/playground.html', target: '_self' },
    ],
    sidebar: [
      {
        text: 'Begin',
        items: [
          { text: 'The problem and the handler', link: '/' },
          { text: 'Tutorial', link: '/tutorial' },
          { text: 'When not to use Oncefold', link: '/when-not-to-use' },
        ],
      },
      { text: 'How to', items: howTo },
      { text: 'Reference', items: reference },
      { text: 'Explanation', items: explanation },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    notFound: { quote: 'It may have moved: the search finds what is here.', linkText: 'To the first page' },
    docFooter: { prev: false, next: false },
  };
}

/** The README of each published package, and the exports of its entry points. */
function apiItems(root: string): DefaultTheme.SidebarItem[] {
  return publishedPackages(root).flatMap(({ entries }) =>
    [...entries.keys()].map((specifier) => {
      const name = specifier.replace('@oncefold/', '');
      return { text: name, link: `/api/${name}/` };
    }),
  );
}

/** Matches the pages of a group, and what lies in the folder of one. */
function within(pages: readonly Page[]): string {
  const begins = pages.map(({ link }) => {
    const folder = link.slice(0, link.lastIndexOf('/') + 1);
    return folder === '/' ? link : folder;
  });
  return `^(?:${begins.join('|')})`;
}
