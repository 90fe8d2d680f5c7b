import { existsSync, statSync } from 'node:fs';
import { executableFormat } from './executable-format.ts';

/** Names of the architectures as a template has them. */
const TEMPLATE_NAMES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'arm64' };

/**
 * Says why this machine cannot run a `bootstrap`, and what to do about it; undefined when it can.
 *
 * The system's own words for these, "exec format error" and "no such file", name neither.
 */
export function checkBootstrap(
  file: string,
  machine: { readonly platform: string; readonly architecture: string } = {
    platform: process.platform,
    architecture: process.arch,
  },
): string | undefined {
  if ((statSync(file).mode & 0o111) === 0) {
    return `it is not executable; run \`chmod +x ${file}\``;
  }
  const format = executableFormat(file);
  switch (format.kind) {
    case 'script':
      return checkScript(format);
    case 'elf':
      return checkElf(format, machine);
    case 'mach-o':
      return machine.platform === 'darwin'
        ? undefined
        : 'it is a program for macOS; build it for Linux, as Lambda needs it';
    case 'unknown':
      return 'it is neither a program for Linux nor a script that begins with #!';
  }
}

function checkScript(script: {
  readonly interpreter: string;
  readonly hasCarriageReturn: boolean;
}): string | undefined {
  if (script.hasCarriageReturn) {
    return 'its first line ends with a carriage return, as Windows writes it; save it with LF line endings';
  }
  return existsSync(script.interpreter)
    ? undefined
    : `its first line names ${script.interpreter}, which is not on this machine`;
}

function checkElf(
  program: { readonly architecture: string; readonly loader: string | undefined },
  machine: { readonly platform: string; readonly architecture: string },
): string | undefined {
  if (machine.platform !== 'linux') {
    return 'it is a program for Linux; to run it here, build it for this system as well';
  }
  if (program.architecture !== machine.architecture) {
    const own = TEMPLATE_NAMES[machine.architecture] ?? machine.architecture;
    const built = TEMPLATE_NAMES[program.architecture] ?? program.architecture;
    return `it is built for ${built} and this machine is ${own}; build it again with Architectures: [${own}]`;
  }
  return program.loader === undefined || existsSync(program.loader)
    ? undefined
    : `it is linked for a system with ${program.loader}, which is not on this machine; link it statically or build it here`;
}
