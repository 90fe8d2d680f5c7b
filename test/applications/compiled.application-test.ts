// Goal: functions that are compiled run unchanged, as `sam build` leaves them.
// Method: the languages' own tools build them into the folder that the SAM CLI would build them into.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasProgram } from '@oncefold/local-runtime/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { applications, runApplication } from './support/run-application.ts';

const hasGo = await hasProgram('go', 'version');
const hasMaven = (await hasProgram('mvn', '--version')) && (await hasProgram('javac', '-version'));

describe('an application that is compiled', () => {
  it.skipIf(!hasGo)(
    'in Go (skipped where there is no Go) gets its records, and those that it reports are tried again and given up',
    async () => {
      const folder = await copyOf('go-totals');
      await run(
        'go',
        ['build', '-tags', 'lambda.norpc', '-o', `${built(folder)}/bootstrap`, '.'],
        join(folder, 'src'),
      );
      const { application, send, items } = await runApplication(join(folder, 'template.yaml'));
      await send('Amounts', '1', '2', 'three', '4');
      expect((await items('Totals')).map(({ id }) => id)).toEqual(['1', '2', '4']);
      const ends = application.invocations().map(({ outcome }) => outcome);
      expect(ends.length).toBeGreaterThan(1);
    },
  );

  it.skipIf(!hasMaven)(
    'in Java (skipped where there is no Maven or no compiler) gets the changes of a table',
    async () => {
      const folder = await copyOf('java-totals');
      const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
      await run('mvn', ['--batch-mode', '--quiet', 'compile', copyDependencies], folder);
      await cp(join(folder, 'target/classes'), built(folder), { recursive: true });
      await cp(join(folder, 'target/dependency'), join(built(folder), 'lib'), { recursive: true });
      const { application, write } = await runApplication(join(folder, 'template.yaml'));
      await write('Amounts', { id: 'one' });
      expect(application.logs().map(({ line }) => line)).toContain('INSERT {id={S=one}}');
      expect(application.invocations()).toMatchObject([{ outcome: 'succeeded' }]);
    },
  );
});

/** A copy in which tools may build. */
async function copyOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oncefold-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(applications, name), folder, { recursive: true });
  await mkdir(built(folder), { recursive: true });
  return folder;
}

function built(folder: string): string {
  return join(folder, '.aws-sam', 'build', 'TotalsFunction');
}

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  await promisify(execFile)(program, args, { cwd, env: { ...process.env, CGO_ENABLED: '0' } });
}
