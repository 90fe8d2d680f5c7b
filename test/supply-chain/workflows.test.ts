// Goal: what runs on every change cannot be exchanged from outside, and may no more than it needs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';

const github = join(import.meta.dirname, '../../.github');
const textOf = (...path: string[]): string => readFileSync(join(github, ...path), 'utf8');
const workflows = readdirSync(join(github, 'workflows')).map(
  (file) => [file, textOf('workflows', file)] as const,
);

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

describe.each(workflows)('%s', (_, text) => {
  const workflow: Workflow = parse(text);
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap(({ steps = [] }) => steps);

  it('is YAML without an error or a warning', () => {
    const { errors, warnings } = parseDocument(text);
    expect([...errors, ...warnings]).toEqual([]);
    expect(jobs.length).toBeGreaterThan(0);
  });

  it('names each action by a commit, with its version beside it', () => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    const pinned = /uses: (\.\/\.github\/workflows\/\w+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/;
    expect(uses.filter((line) => !pinned.test(line))).toEqual([]);
  });

  it('may read the repository; what a job may do beyond that, it says with a reason', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const rights = text.split('\n').filter((line) => /: write/.test(line));
    expect(rights.filter((line) => !/^ {6}[\w-]+: write # \w+/.test(line))).toEqual([]);
  });

  it('gives no job two rights to write, and each job an end', () => {
    for (const { permissions, uses, ...job } of jobs) {
      const written = Object.values(permissions ?? {}).filter((right) => right !== 'read');
      expect(written.length).toBeLessThanOrEqual(1);
      expect(uses !== undefined || (job['timeout-minutes'] ?? 0) > 0).toBe(true);
    }
  });

  it('leaves no credentials behind, and puts nothing from outside into a command', () => {
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
      expect(step.with).toMatchObject({ 'persist-credentials': false });
    }
    expect(steps.filter(({ run }) => run?.includes('{{'))).toEqual([]);
    expect(text).not.toContain('pull_request_target');
  });
});

describe('ci.yml', () => {
  it('runs .ci/run and nothing else', () => {
    const { jobs }: Workflow = parse(textOf('workflows', 'ci.yml'));
    const runs = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run = [] }) => run));
    expect(runs).toEqual(['.ci/run']);
  });
});

describe.each(['bug.yml', 'feature.yml', 'question.yml'])('ISSUE_TEMPLATE/%s', (file) => {
  it('is a form with a name, a description and ids that differ', () => {
    const form = parse(textOf('ISSUE_TEMPLATE', file));
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    const ids = form.body.flatMap(({ id = [] }: { id?: string | [] }) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
