import { nodeMajorOf } from './lambda-packages.ts';

/**
 * Says that functions of a Node.js runtime run with another Node.js than in Lambda.
 *
 * @param version - of the Node.js that runs them: `24.1.0`
 * @returns undefined where there is nothing to say
 */
export function describeOtherNode(runtime: string, version: string): string | undefined {
  return runtime.startsWith('nodejs') && nodeMajorOf(runtime) !== Number.parseInt(version, 10)
    ? `functions of the runtime ${runtime} run with Node.js ${version} here`
    : undefined;
}
