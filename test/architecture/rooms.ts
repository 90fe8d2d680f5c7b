import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cruise,
  type IDependency,
  type IFlattenedRuleSet,
  type IForbiddenRuleType,
  type IViolation,
} from 'dependency-cruiser';

/** Folder of the repository. */
export const root: string = join(import.meta.dirname, '..', '..');

/** The rooms from top to bottom: a room imports only from rooms below it. */
export const rooms: readonly string[] = [
  'services',
  'cli',
  'comparison',
  'local-runtime',
  'simulator',
  'operations',
  'workshop',
  'function-kit',
  'trades',
  'sam-template',
  'versioned-upsert',
  'middleware',
  'commit',
  'event-source-mapping',
  'kinesis-aggregation',
  'reducer',
  'request-token',
  'engines',
];

const TEST = '/(test|bench|stress)/|[.](test|test-d|bench)[.]ts$';

const rules: readonly IForbiddenRuleType[] = [
  {
    name: 'no-circles',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'packages-by-their-front-door',
    severity: 'error',
    from: { path: '^(?:packages|services)/([^/]+)/' },
    to: {
      path: '^(?:packages|services)/',
      pathNot: '^(?:packages|services)/$1/',
      dependencyTypes: ['local'],
    },
  },
  {
    name: 'packages-by-their-front-door',
    severity: 'error',
    from: { path: '^(?:test|scripts|examples|simulation|bench)/' },
    to: { path: '^(?:packages|services)/', dependencyTypes: ['local'] },
  },
  {
    name: 'services-alone',
    severity: 'error',
    from: { path: '^services/([^/]+)/' },
    to: { path: '^services/', pathNot: '^services/$1/' },
  },
  {
    name: 'no-missing-package',
    severity: 'error',
    from: {},
    to: { path: '^@oncefold/', couldNotResolve: true },
  },
  ...rooms.slice(1).map(
    (room, index): IForbiddenRuleType => ({
      name: 'arrows-down',
      severity: 'error',
      from: { path: `^packages/${room}/`, pathNot: TEST },
      to: { path: rooms.slice(0, index + 1).map(folderOf) },
    }),
  ),
];

/** A source file and what it imports. */
export interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly imports: readonly {
    readonly path: string;
    /** Nothing of the import is left when the program runs. */
    readonly isTypeOnly: boolean;
  }[];
}

/** What was found when all imports were followed. */
export interface Structure {
  /** Sources of packages and services, without tests and benchmarks. */
  readonly files: readonly SourceFile[];
  /** Imports that break a rule, tests included. */
  readonly violations: readonly IViolation[];
}

/**
 * Follows all imports of the repository.
 *
 * dependency-cruiser sees no module at all when it finds no compiler that it can use: whoever asks must look at what it saw.
 */
export async function readStructure(): Promise<Structure> {
  const ruleSet: IFlattenedRuleSet = { forbidden: [...rules] };
  const { output } = await cruise(
    ['packages', 'services', 'simulation', 'bench', 'test', 'scripts', 'examples'],
    {
      baseDir: root,
      validate: true,
      ruleSet,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(node_modules|dist)/|^test/(upgrade/release|packed-packages/project)' },
      tsPreCompilationDeps: true,
    },
    { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  );
  if (typeof output === 'string') {
    throw new Error('dependency-cruiser answered with text');
  }
  const files = output.modules
    .filter(({ source }) => isSource(source))
    .map(({ source, dependencies }) => ({
      path: source,
      room: roomOf(source),
      imports: dependencies.filter(({ resolved }) => isSource(resolved)).map(toImport),
    }));
  return { files, violations: output.summary.violations };
}

function toImport({ resolved, dependencyTypes }: IDependency): SourceFile['imports'][number] {
  return { path: resolved, isTypeOnly: dependencyTypes.includes('type-only') };
}

function isSource(path: string): boolean {
  return /^(packages|services)\/[^/]+\/src\/.*[.]ts$/.test(path) && !new RegExp(TEST).test(path);
}

/** All services are one room: they are beside each other at the top. */
function roomOf(path: string): string {
  const [top = '', name = ''] = path.split('/');
  return top === 'services' ? top : name;
}

function folderOf(room: string): string {
  return room === 'services' ? '^services/' : `^packages/${room}/`;
}

/** Lines of code and comments of each room, in the order of {@link rooms}. */
export function linesOf(files: readonly SourceFile[]): ReadonlyMap<string, number> {
  const lines = new Map(rooms.map((room) => [room, 0]));
  for (const { path, room } of files) {
    const text = readFileSync(join(root, path), 'utf8');
    lines.set(room, (lines.get(room) ?? 0) + text.split('\n').length - 1);
  }
  return lines;
}

/** The part of all lines that each room holds, in percent. */
export function sharesOf(files: readonly SourceFile[]): ReadonlyMap<string, number> {
  const lines = linesOf(files);
  const total = [...lines.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...lines].map(([room, count]) => [room, (count / total) * 100]));
}

/**
 * Draws the rooms as a Mermaid diagram, the direct imports between them as arrows.
 *
 * @param files - all sources
 * @returns the diagram's text; a room's size is its share of all lines, in percent
 */
export function drawRooms(files: readonly SourceFile[]): string {
  const boxes = [...sharesOf(files)].map(
    ([room, share]) => `  ${room}["${room}<br/>${Math.round(share)} %"]`,
  );
  return ['flowchart TD', ...boxes, ...arrowsOf(files).map((arrow) => `  ${arrow}`)].join('\n');
}

/** Every import of one room by another, each once, as `from --> to`, from the top down. */
export function arrowsOf(files: readonly SourceFile[]): readonly string[] {
  return rooms.flatMap((from) => {
    const imported = files.filter(({ room }) => room === from).flatMap(({ imports }) => imports);
    const targets = new Set(imported.map(({ path }) => roomOf(path)));
    return rooms.filter((to) => to !== from && targets.has(to)).map((to) => `${from} --> ${to}`);
  });
}
