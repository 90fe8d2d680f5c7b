import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The names that the SAM CLI looks for, in its order. */
const NAMES = ['samconfig.toml', 'samconfig.yaml', 'samconfig.yml'];

/** @returns path of the SAM CLI's configuration file in a project's folder; nothing where there is none */
export function findSamConfig(directory: string): string | undefined {
  return NAMES.map((name) => join(directory, name)).find((file) => existsSync(file));
}
