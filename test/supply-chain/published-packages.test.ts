// Goal: a package that is published is published whole. Method: which ones are published is said by the manifests; the lists that
// tools need name the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { budgets } from '../packed-packages/budgets.ts';
import {
  deployedLibraries,
  publishedLibraries,
  publishedPackages,
  repositoryPackages,
  root,
  rootManifest,
} from '../packed-packages/published.ts';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const names = publishedPackages.map(({ manifest }) => manifest.name);

it('are those whose manifests say how, and some', () => {
  const configured = repositoryPackages.filter(({ manifest }) => 'publishConfig' in manifest);
  expect(configured).toEqual(publishedPackages);
  expect(publishedLibraries.length).toBeGreaterThanOrEqual(8);
});

it('have one version', () => {
  expect(parse(textOf('pnpm-workspace.yaml')).versioning.fixed).toEqual([names]);
});

it('are all that gets another version', () => {
  const others = repositoryPackages.filter(({ manifest }) => manifest.private === true);
  expect(others.map(({ manifest }) => manifest['version'])).toEqual(others.map(() => '0.0.0'));
  expect(parse(textOf('pnpm-workspace.yaml')).versioning.ignore).toEqual(
    others.map(({ manifest }) => manifest.name).toSorted(),
  );
});

it('are named by the examples in the version of the repository', () => {
  const ranges = repositoryPackages
    .filter(({ folder }) => folder.startsWith('examples/'))
    .flatMap(({ manifest }) =>
      Object.entries({ ...Object(manifest['dependencies']), ...Object(manifest['devDependencies']) }),
    )
    .filter(([name, range]) => names.includes(name) && range !== 'workspace:*');
  expect(ranges.length).toBeGreaterThan(0);
  expect(new Set(ranges.map(([, range]) => range))).toEqual(new Set([rootManifest['version']]));
});

it('have a bill of materials each', () => {
  const folders = publishedPackages.map(({ folder }) => folder.slice('packages/'.length));
  expect(JSON.parse(textOf('package.json')).scripts.sbom).toContain(
    `--filter './packages/{${folders.join(',')}}'`,
  );
});

it('are all used by the project of a stranger', () => {
  const { dependencies, devDependencies } = JSON.parse(textOf('test/packed-packages/project/package.json'));
  const used = Object.keys({ ...dependencies, ...devDependencies });
  expect(used.filter((name) => name.startsWith('@oncefold/')).toSorted()).toEqual(names);
});

it('have a budget for each front door that an application bundles', () => {
  const withBudget = budgets.map(({ what }) => what);
  expect(withBudget).toEqual(expect.arrayContaining(deployedLibraries.map(({ manifest }) => manifest.name)));
});

it('are named where others choose one', () => {
  for (const page of ['README.md', 'docs/decisions/0195-what-is-published.md']) {
    const text = textOf(page);
    const missing = publishedPackages.filter(
      ({ folder, manifest }) =>
        !text.includes(manifest.name) && !text.includes(`\`${folder.slice('packages/'.length)}\``),
    );
    expect(
      missing.map(({ folder }) => folder),
      page,
    ).toEqual([]);
  }
});
