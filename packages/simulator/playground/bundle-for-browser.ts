import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const shims = {
  'node:async_hooks': shim('async-hooks'),
  'node:crypto': shim('crypto'),
  'node:timers/promises': shim('timers-promises'),
  'node:util': shim('util'),
};

/**
 * Bundles a script with the simulator for a browser. What it needs of Node.js is in `shims`; anything else of it fails the build.
 *
 * @param entry - file of the script
 * @returns the text of one script
 */
export async function bundleForBrowser(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    alias: shims,
    inject: [shim('buffer')],
    logLevel: 'error',
  });
  const [output] = outputFiles;
  if (output === undefined) {
    throw new Error('invariant: one entry makes one script');
  }
  return output.text;
}

function shim(name: string): string {
  return fileURLToPath(new URL(`shims/${name}.ts`, import.meta.url));
}
