import { readdirSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { EXTRA_DESCRIPTOR, findJava, type Java } from '@oncefold/engines';
import type { FunctionResource } from '@oncefold/sam-template';
import { LOG_DESCRIPTOR_VARIABLE } from '../../runtime-program.ts';
import { type CodeFolders, codeFolders, isFile, isFolder, refuseArchive } from '../code-folders.ts';
import { FunctionCodeError } from '../function-code-error.ts';
import type { RunnableFunction, RuntimeContext, RuntimeFamily } from '../runtime-family.ts';
import { javaClient, javaClientFiles } from './java-client.ts';

const RUNTIME = /^java(\d+)(?:\.al2)?$/;
/** The oldest that the runtime interface client is compiled for. */
const RELEASE_MIN = 8;
const MAIN = 'com.amazonaws.services.lambda.runtime.api.client.AWSLambda';
const NATIVE_LIBRARY = 'com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI';
/** The heap may have this share of the memory; the rest is for the virtual machine itself. */
const HEAP_SHARE = 0.8;

/** Runs Java functions with Amazon's runtime interface client, on the Java of this machine. */
export function createJavaFamily(context: RuntimeContext): RuntimeFamily {
  const javas = new Map<string, Promise<Java>>();

  async function chooseJava({ runtime, logicalId }: FunctionResource): Promise<Java> {
    const release = Number(RUNTIME.exec(runtime)?.[1]);
    const found = (await findJava(release)).java ?? (await findJava(RELEASE_MIN)).java;
    if (found === undefined) {
      throw new FunctionCodeError(
        `a function of the runtime ${runtime} needs Java ${release}, and there is no Java in JAVA_HOME or on PATH; install Java ${release}`,
      );
    }
    if (process.platform !== 'linux') {
      throw new FunctionCodeError(
        `a function of the runtime ${runtime} cannot run here: Amazon's runtime interface client for Java exists for Linux only; run Oncefold in a Linux container or virtual machine`,
      );
    }
    const java = { ...found, command: programOnPath(found.command, process.env['PATH']) };
    if (java.release !== release) {
      context.onNotice(
        logicalId,
        `functions of the runtime ${runtime} run with Java ${java.release} (${java.command})`,
      );
    }
    return java;
  }

  function javaOf(resource: FunctionResource): Promise<Java> {
    const known = javas.get(resource.runtime) ?? chooseJava(resource);
    javas.set(resource.runtime, known);
    return known;
  }

  async function prepare(resource: FunctionResource, layers?: string): Promise<RunnableFunction> {
    const folders = codeFolders(resource, context.templateDirectory);
    const { directory, jars } = findCode(resource, folders);
    const java = await javaOf(resource);
    const ofLayers = layers === undefined ? [] : jarsIn(join(layers, 'java', 'lib'));
    const client = await javaClientFiles(await context.provide(javaClient, resource.logicalId));
    return {
      directory,
      program: {
        command: [
          java.command,
          `-Xmx${Math.floor(resource.memorySize * HEAP_SHARE)}m`,
          // As Lambda sets them: a function has little memory, few processors and a short life.
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          // A process that is killed would leave its file behind.
          '-XX:-UsePerfData',
          // As the locale makes it there, which this machine may not have.
          '-Dfile.encoding=UTF-8',
          `-D${NATIVE_LIBRARY}=${client.nativeLibrary}`,
          // For the client's way to a descriptor by its number.
          ...(java.release >= 9 ? ['--add-opens=java.base/java.io=ALL-UNNAMED'] : []),
          '-cp',
          [...client.classPath, ...jars, ...ofLayers].join(':'),
          MAIN,
          resource.handler,
        ],
        environment: { [LOG_DESCRIPTOR_VARIABLE]: String(EXTRA_DESCRIPTOR) },
      },
    };
  }

  return { includes: (runtime) => RUNTIME.test(runtime), prepare };
}

/** Finds classes as `sam build` lays them out, with their libraries in `lib`, or a jar that has everything in it. */
function findCode(
  resource: FunctionResource,
  folders: CodeFolders,
): { readonly directory: string; readonly jars: readonly string[] } {
  const { built, source } = folders;
  const [className = ''] = resource.handler.split('::');
  const classFile = `${className.replaceAll('.', '/')}.class`;
  if (!isFolder(built) && isFile(source) && source.endsWith('.jar')) {
    return { directory: dirname(source), jars: [source] };
  }
  refuseArchive(resource, folders);
  const found = [built, source].find(
    (folder) => isFile(join(folder, classFile)) || jarsIn(join(folder, 'lib')).length > 0,
  );
  if (found === undefined) {
    throw new FunctionCodeError(
      `the code of ${resource.logicalId} is not built: no ${classFile} and no jars in lib, in ${built} or ${source}; run \`sam build\`, or let CodeUri name the jar`,
    );
  }
  return { directory: found, jars: [] };
}

function jarsIn(folder: string): readonly string[] {
  const names = isFolder(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.jar')).map((name) => join(folder, name));
}

/** A function has a PATH of its own, where a Java that a version manager has installed is not found. */
function programOnPath(command: string, path = ''): string {
  const candidates = path.split(delimiter).map((folder) => join(folder, command));
  return isAbsolute(command) ? command : (candidates.find(isFile) ?? command);
}
