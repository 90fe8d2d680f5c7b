import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';

export type ModuleFormat = 'commonjs' | 'module';

export interface ModuleFormatsOptions {
  /** Real path of the function's folder. */
  readonly taskRoot: string;
  /** Whether an ES module without a package.json that says so is one by its syntax. */
  readonly detects: boolean;
  /** Called with a file that is an ES module by its syntax alone. */
  readonly onDetected: (path: string) => void;
}

/** What Node.js is given when a file is run that it holds for CommonJS and that is none. */
const ES_MODULE_SYNTAX =
  /Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|await is only valid/;

/**
 * Tells the format of `.js` files as it is where nothing lies above the function's folder, as in `/var/task`.
 *
 * @returns for a file, its format if no package.json of the function decides it; undefined if one does, or the file is none
 * of the function's
 */
export function createModuleFormats({
  taskRoot,
  detects,
  onDetected,
}: ModuleFormatsOptions): (path: string) => ModuleFormat | undefined {
  const decided = new Map<string, boolean>();
  const formats = new Map<string, ModuleFormat>();

  /** Whether a package.json between the folder and the function's has a say. */
  function isDecided(directory: string): boolean {
    const known = decided.get(directory);
    if (known !== undefined) {
      return known;
    }
    const found =
      existsSync(join(directory, 'package.json')) ||
      (directory !== taskRoot && basename(directory) !== 'node_modules' && isDecided(dirname(directory)));
    decided.set(directory, found);
    return found;
  }

  return (path) => {
    if (!path.endsWith('.js') || !isWithin(taskRoot, path) || isDecided(dirname(path))) {
      return undefined;
    }
    const known = formats.get(path);
    if (known !== undefined) {
      return known;
    }
    const isModule = detects && isModuleBySyntax(readFileSync(path, 'utf8'));
    if (isModule) {
      onDetected(path);
    }
    const format = isModule ? 'module' : 'commonjs';
    formats.set(path, format);
    return format;
  };
}

export function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

function isModuleBySyntax(source: string): boolean {
  if (!/\b(?:import|export|await)\b/.test(source)) {
    return false;
  }
  try {
    compileFunction(source.replace(/^#!.*/, ''), ['exports', 'require', 'module', '__filename', '__dirname']);
    return false;
  } catch (error) {
    return error instanceof Error && ES_MODULE_SYNTAX.test(error.message);
  }
}
