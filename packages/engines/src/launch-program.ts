import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.ts';
import { findOptionalPackage } from './find-optional-package.ts';
import { type EngineAddress, launchEngine } from './launch-engine.ts';

export interface ProgramOptions {
  /** Name of the engine, and of the package that has it. */
  readonly name: string;
  /** The module that serves on a free port and reports `port` and `version` in a line of JSON. */
  readonly program: URL;
  /** Region in the ARNs of what the engine has. */
  readonly region: string;
  readonly signal?: AbortSignal | undefined;
}

/** Starts an engine that is a Node.js program in a process beside this one. */
export async function launchProgram({ name, program, region, signal }: ProgramOptions): Promise<Engine> {
  findOptionalPackage(name);
  return launchEngine({
    name,
    signal,
    prepare: async () => ({
      command: { command: process.execPath, args: [fileURLToPath(program)], env: environment(region) },
      probe: async (output) => parseReport(output),
    }),
  });
}

/**
 * The engine takes the region of its ARNs from its environment, and perhaps the account: what a person has there for AWS is none of
 * its business, nor are the options of a test runner or debugger.
 */
function environment(region: string): Record<string, string | undefined> {
  const { NODE_OPTIONS: _, AWS_ACCOUNT_ID: __, ...own } = process.env;
  return { ...own, AWS_REGION: region };
}

/** The program prints its report after it listens: a port it reports is its own. */
function parseReport(output: string): EngineAddress | undefined {
  const line = output.split('\n').find((text) => text.startsWith('{') && text.endsWith('}'));
  if (line === undefined) {
    return undefined;
  }
  const { port, version } = JSON.parse(line) as { port: number; version: string };
  return { endpoint: `http://127.0.0.1:${port}`, version };
}
