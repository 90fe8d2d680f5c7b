import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig, type UserConfig } from 'vitepress';
import { githubSlug } from '../src/github-slug.ts';
import { useRepositoryRules } from '../src/markdown-rules.ts';
import { pageOf } from '../src/pages.ts';
import { navigation } from './navigation.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const repositoryUrl = repository?.url?.replace(/^git\+/, '').replace(/\.git$/, '');

const config: UserConfig<DefaultTheme.Config> = defineConfig({
  title: 'Oncefold',
  description: 'Fold a stream into DynamoDB aggregates, exactly once, and prove it.',
  lang: 'en',
  srcDir: '..',
  // What is left is what `pageOf` has a page for.
  srcExclude: [
    ...readdirSync(root).filter(
      (name) => !['docs', 'examples', 'packages', 'site'].includes(name) && pageOf(name) === undefined,
    ),
    '{examples,packages}/*/*/**',
    'site/{comparison,dist,node_modules,src,test}/**',
    'site/README.md',
    'site/generated/cache/**',
  ],
  outDir: 'dist',
  cacheDir: 'generated/cache',
  rewrites: (file) => pageOf(file) ?? file,
  lastUpdated: false,
  // As the system has it, like the timelines, the playground and the report, which have no switch.
  appearance: 'force-auto',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  markdown: {
    anchor: { slugify: githubSlug },
    // What a command prints has no grammar.
    languageAlias: { console: 'text' },
    config: (md) =>
      useRepositoryRules(md, {
        root,
        sources: repositoryUrl === undefined ? undefined : `${repositoryUrl}/blob/main`,
      }),
  },
  themeConfig: navigation(root),
});

export default config;
