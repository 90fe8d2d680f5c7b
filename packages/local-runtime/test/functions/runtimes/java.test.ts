// Goal: it is said what keeps a Java function from running, and what to do, before it is started.
// Method: projects that lack something.
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useLanguageProject } from './start-language.ts';

const project = useLanguageProject({ runtime: 'java21', handler: 'example.Handler::handle' });

describe('Java functions that cannot run', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('are named with the places where their classes were looked for', async () => {
    project.write('src/main/java/example/Handler.java', '');
    await expect(project.prepare()).rejects.toThrow(
      `the code of TestFunction is not built: no example/Handler.class and no jars in lib, in ${join(project.root, '.aws-sam/build/TestFunction')} or ${join(project.root, 'src')}; run \`sam build\`, or let CodeUri name the jar`,
    );
  });

  it('are refused as an archive that is no jar', async () => {
    project.write('function.zip', 'PK');
    await expect(project.prepare({ codeUri: 'function.zip' })).rejects.toThrow(/is not unpacked here/);
  });

  it('say which Java is missing', async () => {
    project.write('src/example/Handler.class', '');
    vi.stubEnv('JAVA_HOME', '');
    vi.stubEnv('PATH', join(project.root, 'empty'));
    await expect(project.prepare()).rejects.toThrow(
      'a function of the runtime java21 needs Java 21, and there is no Java in JAVA_HOME or on PATH; install Java 21',
    );
  });

  it.runIf(process.platform === 'linux')(
    'name Maven where it is missing, and which Java runs them',
    async () => {
      project.write('src/example/Handler.class', '');
      project.write('bin/java', '#!/bin/sh\necho \'openjdk version "17.0.2"\' >&2\n');
      vi.stubEnv('JAVA_HOME', '');
      vi.stubEnv('PATH', join(project.root, 'bin'));
      await expect(project.prepare({}, { cacheDirectory: join(project.root, 'cache') })).rejects.toThrow(
        /^cannot install aws-lambda-java-runtime-interface-client [\d.]+: .*mvn.*; it is installed with Maven: put `mvn` on PATH/,
      );
      expect(project.notices).toContain(
        `functions of the runtime java21 run with Java 17 (${join(project.root, 'bin', 'java')})`,
      );
    },
  );
});
