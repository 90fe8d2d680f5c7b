import { Buffer } from 'node:buffer';
import { build } from 'esbuild';

export type Platform = 'node' | 'browser';

/** This package as a bundler builds it for a platform. */
export interface PlatformForm {
  readonly exports: typeof import('../src/index.ts');
  /** Paths of what is in the bundle. */
  readonly inputs: readonly string[];
  /** Modules that the platform itself must bring. */
  readonly builtins: readonly string[];
}

export async function buildForm(platform: Platform): Promise<PlatformForm> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${import.meta.dirname}/../src/index.ts`],
    bundle: true,
    format: 'esm',
    platform,
    write: false,
    metafile: true,
  });
  const [bundle] = outputFiles;
  const [output] = Object.values(metafile.outputs);
  if (bundle === undefined || output === undefined) {
    throw new Error('esbuild made no bundle.');
  }
  const url = `data:text/javascript;base64,${Buffer.from(bundle.contents).toString('base64')}`;
  return {
    exports: (await import(url)) as PlatformForm['exports'],
    inputs: Object.keys(metafile.inputs),
    builtins: output.imports.filter(({ external }) => external).map(({ path }) => path),
  };
}
