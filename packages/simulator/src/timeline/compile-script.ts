import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const compiled = new Map<string, string>();

/**
 * Gives the script of a page: compiled, once in a process, where its TypeScript is; as it was compiled before in a published package.
 *
 * @param entry - file of the script without its ending: `.ts` is compiled, `.script` is ready
 * @returns the text of one script, with everything that it imports
 */
export function compileScript(entry: URL): string {
  const file = fileURLToPath(entry);
  const script = compiled.get(file) ?? read(`${file}.script`) ?? compile(`${file}.ts`);
  compiled.set(file, script);
  return script;
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function compile(file: string): string {
  // Published packages do without it.
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
