import { createJavaFamily } from './java/java-family.ts';
import { createProvidedFamily } from './provided/provided-family.ts';
import { createPythonFamily } from './python/python-family.ts';
import { createRuntimeCache, type RuntimePackage } from './runtime-cache.ts';
import type { RuntimeContext, RuntimeFamily } from './runtime-family.ts';

export interface RuntimeFamiliesOptions extends Pick<RuntimeContext, 'templateDirectory' | 'onNotice'> {
  /** Where what functions need is installed. */
  readonly cacheDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/** What runs functions that are not for Node.js, for the functions of one application. */
export function createRuntimeFamilies(options: RuntimeFamiliesOptions): readonly RuntimeFamily[] {
  const { cacheDirectory: directory, onNotice, signal } = options;
  const provided = new Map<string, Promise<string>>();

  /** Functions that need the same share one installation, and one line about it. */
  function provide(wanted: RuntimePackage, functionId: string): Promise<string> {
    const onMessage = (message: string): void => onNotice(functionId, message);
    const known =
      provided.get(wanted.key) ?? createRuntimeCache({ directory, onMessage, signal }).provide(wanted);
    provided.set(wanted.key, known);
    return known;
  }

  const context: RuntimeContext = { ...options, provide };
  return [createPythonFamily(context), createProvidedFamily(context), createJavaFamily(context)];
}
