import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInstaller } from '../run-installer.ts';
import type { RuntimePackage } from '../runtime-cache.ts';

const VERSION = '2.10.1';
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const UNPACKED = 'native';

/** A project of nothing but the runtime interface client, with its dependencies as it declares them. */
const PROJECT = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>oncefold</groupId>
  <artifactId>java-runtime</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>aws-lambda-java-runtime-interface-client</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * Amazon's runtime interface client for Java, from a Maven repository.
 *
 * Its native library is unpacked once: the client would unpack it at each start into one file of `/tmp`, under the feet of
 * other functions that have loaded it.
 */
export const javaClient: RuntimePackage = {
  key: join('java', `aws-lambda-java-runtime-interface-client-${VERSION}`),
  what: `aws-lambda-java-runtime-interface-client ${VERSION}`,
  remedy: 'it is installed with Maven: put `mvn` on PATH and make a Maven repository reachable',
  async install(directory, signal) {
    const project = join(directory, 'pom.xml');
    await writeFile(project, PROJECT);
    const maven = (...args: readonly string[]): Promise<string> =>
      runInstaller({
        command: 'mvn',
        args: ['--batch-mode', '--quiet', '--file', project, ...args],
        cwd: directory,
        signal,
      });
    await mkdir(join(directory, 'lib'));
    await maven(`${DEPENDENCY_PLUGIN}:copy-dependencies`, `-DoutputDirectory=${join(directory, 'lib')}`);
    await maven(
      `${DEPENDENCY_PLUGIN}:unpack-dependencies`,
      '-DincludeArtifactIds=aws-lambda-java-runtime-interface-client',
      '-Dmdep.unpack.includes=jni/*',
      `-DoutputDirectory=${join(directory, UNPACKED)}`,
    );
  },
};

export interface JavaClientFiles {
  readonly classPath: readonly string[];
  readonly nativeLibrary: string;
}

/** @param directory - where {@link javaClient} is installed */
export async function javaClientFiles(directory: string): Promise<JavaClientFiles> {
  const jars = (await readdir(join(directory, 'lib'))).filter((name) => name.endsWith('.jar')).sort();
  return {
    classPath: jars.map((name) => join(directory, 'lib', name)),
    nativeLibrary: join(directory, UNPACKED, 'jni', `libaws-lambda-jni.${nativeSuffix()}.so`),
  };
}

function nativeSuffix(): string {
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const library = report.header.glibcVersionRuntime === undefined ? 'linux_musl' : 'linux';
  return `${library}-${process.arch === 'arm64' ? 'aarch_64' : 'x86_64'}`;
}
