import { nodeMajorOf } from './lambda-packages.ts';
import { isBuilt } from './task-root.ts';

/** The heap may have this share of the memory; the rest is for buffers and the program itself. */
const HEAP_SHARE = 0.9;
const RUNTIME_MODULES = new URL('./runtime-modules.ts', import.meta.url).href;
/** What Lambda turns off in Node.js 22 and earlier, unless `NODE_OPTIONS` of the function turns it on. */
const TURNED_OFF = ['require-module', 'detect-module'];

/**
 * The arguments with which Node.js runs a function as Lambda's runtime does: before the program and its own arguments.
 *
 * What Lambda turns off is left on for sources: a build may make something else of them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export function nodeArguments({
  memorySize,
  runtime,
  taskRoot,
  nodeOptions = '',
}: {
  /** Mebibytes. */
  readonly memorySize: number;
  readonly runtime: string;
  readonly taskRoot: string;
  /** `NODE_OPTIONS` of the function. */
  readonly nodeOptions?: string | undefined;
}): readonly string[] {
  const isOld = nodeMajorOf(runtime) < 24 && isBuilt(taskRoot);
  return [
    `--max-old-space-size=${Math.max(16, Math.floor(memorySize * HEAP_SHARE))}`,
    ...TURNED_OFF.filter((feature) => isOld && !nodeOptions.includes(`--experimental-${feature}`)).map(
      (feature) => `--no-experimental-${feature}`,
    ),
    '--import',
    RUNTIME_MODULES,
  ];
}
