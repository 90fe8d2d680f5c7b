import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';

/** What makes a bundle quick to load, as plugins of esbuild. */
export const lightStart = [builtinsWithoutFacade(), credentialsOfEnvironment()];

/**
 * Takes the modules of Node.js by `process.getBuiltinModule`.
 *
 * An `import` of `node:http` reads every property of it, so that all of undici is loaded for `http.WebSocket`, which no function uses:
 * a fifth of the CPU time that loading takes.
 */
function builtinsWithoutFacade() {
  return {
    name: 'builtins-without-facade',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(node:)?[a-z\d_/]+$/ }, ({ path }) =>
        isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('${path}');`,
      }));
    },
  };
}

/**
 * Leaves out of the SDK what finds credentials elsewhere than in the environment, where Lambda puts them: files, single sign-on,
 * other services, each with a client of its own. That is a third of the bundle, which V8 reads at every start.
 */
function credentialsOfEnvironment() {
  const all = '@aws-sdk/credential-provider-node';
  return {
    name: 'credentials-of-environment',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: new RegExp(`^${all}$`) }, async ({ path, pluginData, ...from }) => {
        if (pluginData === all) {
          return undefined;
        }
        const { path: file } = await resolve(path, { ...from, pluginData: all });
        return { path: file, namespace: 'credentials' };
      });
      onLoad({ filter: /./, namespace: 'credentials' }, ({ path }) => ({
        contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
        resolveDir: dirname(path),
      }));
    },
  };
}
