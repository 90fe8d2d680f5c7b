// Goal: what is installed may be used, comes from where it says, and is old enough. Method: pnpm's own reports over the lockfile.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { publishedLibraries, root } from '../packed-packages/published.ts';

const pnpm = (...words: string[]): unknown =>
  JSON.parse(
    execFileSync(join(root, 'node_modules/.bin/pnpm'), words, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );

const lockfile = parse(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly resolution: Readonly<Record<string, string>> }>>;
  readonly snapshots: Readonly<Record<string, object>>;
};

type Licenses = Readonly<Record<string, readonly { readonly name: string }[]>>;

/** Licenses that ask for no more than that their text is kept. */
const PERMISSIVE = [
  '(MIT OR Apache-2.0)',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT OR Apache-2.0',
  'MIT-0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Others, for tools that are neither bundled nor published. */
const OF_TOOLS: Readonly<Record<string, readonly string[]>> = {
  // Icons of VitePress. It gives everything away but trade marks and patents.
  'CC0-1.0': ['@iconify-json/simple-icons'],
  'CC-BY-4.0': ['caniuse-lite'],
  'MPL-2.0': ['lightningcss'],
};

const isTool = (license: string, name: string): boolean =>
  OF_TOOLS[license]?.some((tool) => name === tool || name.startsWith(`${tool}-`)) ?? false;

describe('licenses', () => {
  it('of everything that is installed are permissive, but for tools that are named', () => {
    const licenses = pnpm('-r', 'licenses', 'list', '--json') as Licenses;
    const all = Object.entries(licenses).flatMap(([license, list]) =>
      list.map(({ name }) => ({ license, name })),
    );
    expect(all.length).toBeGreaterThan(100);
    expect(
      all.filter(({ license, name }) => !PERMISSIVE.includes(license) && !isTool(license, name)),
    ).toEqual([]);
  });

  it('of what is deployed or published are permissive without exception', () => {
    const licenses = pnpm('-r', 'licenses', 'list', '--prod', '--json') as Licenses;
    expect(Object.keys(licenses).filter((license) => !PERMISSIVE.includes(license))).toEqual([]);
  });
});

describe('the published libraries', () => {
  // Peers are the application's own: it has them anyway, and chooses their versions.
  it('bring nothing but each other and one audited hash function', () => {
    const brought = publishedLibraries.flatMap(({ manifest }) =>
      Object.keys({ ...Object(manifest['dependencies']), ...Object(manifest['optionalDependencies']) }),
    );
    const foreign = brought.filter((name) => !name.startsWith('@oncefold/'));
    expect(foreign).toEqual(['@noble/hashes']);
    const snapshots = Object.entries(lockfile.snapshots).filter(([name]) =>
      name.startsWith('@noble/hashes@'),
    );
    expect(snapshots.map(([, snapshot]) => snapshot)).toEqual([{}]);
  });

  it('have a bill of materials that says so', () => {
    const options = ['--sbom-format', 'cyclonedx', '--lockfile-only', '--prod'];
    const bom = pnpm('sbom', ...options, '--filter=./packages/middleware') as {
      readonly bomFormat: string;
      readonly components: readonly { readonly group?: string; readonly name: string }[];
    };
    expect(bom.bomFormat).toBe('CycloneDX');
    const foreign = bom.components.filter(({ group }) => group !== '@oncefold');
    expect(foreign.map(({ group, name }) => `${group}/${name}`)).toEqual(['@noble/hashes']);
  });
});

describe('the lockfile', () => {
  it('has a digest for everything, and nothing from outside the registry', () => {
    expect(Object.keys(lockfile.packages).length).toBeGreaterThan(100);
    const others = Object.entries(lockfile.packages).filter(
      ([, { resolution }]) =>
        Object.keys(resolution).join() !== 'integrity' || !resolution['integrity']?.startsWith('sha512-'),
    );
    expect(others).toEqual([]);
  });
});

describe('pnpm-workspace.yaml', () => {
  const settings = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'));

  it('asks for age and origin of what is installed, and lets install scripts run by name only', () => {
    expect(settings).toMatchObject({
      minimumReleaseAge: 2880,
      trustPolicy: 'no-downgrade',
      blockExoticSubdeps: true,
    });
    const ways = [
      'minimumReleaseAgeExclude',
      'trustPolicyExclude',
      'dangerouslyAllowAllBuilds',
      'trustLockfile',
    ];
    expect(ways.filter((way) => way in settings)).toEqual([]);
    const allowed = Object.entries(settings.allowBuilds).filter(([, isAllowed]) => isAllowed);
    expect(allowed).toEqual([['esbuild', true]]);
  });

  it('has exact versions', () => {
    const catalogs: readonly Record<string, string>[] = [
      settings.catalog,
      ...Object.values<never>(settings.catalogs),
    ];
    const versions = catalogs.flatMap((catalog) => Object.values(catalog));
    const exact = /^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+(-(alpha|beta|rc)\.\d+)?$/;
    expect(versions.filter((version) => !exact.test(version))).toEqual([]);
  });
});
