/** The runtimes up to this one bring version 2 of the SDK, later ones version 3. */
const OLD_SDK_RUNTIME_MAX = 16;
const NEWEST_RUNTIME = 24;

/**
 * Name of the package that an import names; undefined for files, URLs, `#imports` and modules of Node.js.
 */
export function packageNameOf(specifier: string): string | undefined {
  return /^(@[^/@:]+\/[^/@:]+|[^./@#:][^/:]*)(?:\/[^:]*)?$/.exec(specifier)?.[1];
}

/**
 * Says whether Lambda's Node.js runtime has a package beside the function.
 *
 * It has all of the AWS SDK: clients, libraries, utilities and what they are made of. The bindings of the Common Runtime
 * are native code that it does not have, and that the SDK looks for in vain.
 *
 * @param runtimeMajor - of `nodejs22.x`: 22
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function isLambdaPackage(name: string, runtimeMajor: number): boolean {
  return runtimeMajor <= OLD_SDK_RUNTIME_MAX
    ? name === 'aws-sdk'
    : /^@(?:aws-sdk|smithy)\/[a-z0-9-]+$/.test(name) && !name.endsWith('-crt');
}

/** Of `AWS_Lambda_nodejs22.x`, or `nodejs22.x`, 22; of what names no Node.js, that of the newest runtime. */
export function nodeMajorOf(runtime: string): number {
  return Number(/nodejs(\d+)/.exec(runtime)?.[1] ?? NEWEST_RUNTIME);
}
