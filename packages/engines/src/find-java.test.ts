import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findJava, parseJavaRelease } from './find-java.ts';

describe('parseJavaRelease', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_391"', 8],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "25-ea" 2025-09-16', 25],
    ['openjdk version "21" 2023-09-19', 21],
    ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
  ])('reads %j as %j', (text, release) => {
    expect(parseJavaRelease(text)).toBe(release);
  });
});

describe('findJava', () => {
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'oncefold-java-'));
    await mkdir(join(home, 'bin'));
    const program = join(home, 'bin', 'java');
    await writeFile(program, '#!/bin/sh\necho \'openjdk version "11.0.2" 2019-01-15\' >&2\n');
    await chmod(program, 0o755);
  });
  afterAll(() => rm(home, { recursive: true }));

  it('prefers JAVA_HOME', async () => {
    expect((await findJava(11, { JAVA_HOME: home, PATH: '/nowhere' })).java).toEqual({
      command: join(home, 'bin', 'java'),
      release: 11,
    });
  });

  it('reports which Java is too old', async () => {
    expect(await findJava(17, { JAVA_HOME: home, PATH: '/nowhere' })).toEqual({
      tooOld: [{ command: join(home, 'bin', 'java'), release: 11 }],
    });
  });

  it('finds nothing where there is nothing', async () => {
    expect(await findJava(17, { PATH: '/nowhere' })).toEqual({ tooOld: [] });
  });
});
