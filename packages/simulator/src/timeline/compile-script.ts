import { buildSync } from 'esbuild';

const compiled = new Map<string, string>();

/**
 * Compiles the script of a page, once in a process.
 *
 * @param entry - absolute path of its TypeScript
 * @returns the text of one script, with everything that it imports
 */
export function compileScript(entry: string): string {
  const known = compiled.get(entry);
  if (known !== undefined) {
    return known;
  }
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    logLevel: 'silent',
  });
  const script = outputFiles[0]?.text ?? '';
  compiled.set(entry, script);
  return script;
}
