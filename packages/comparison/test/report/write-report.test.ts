import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/page/render-html.ts';
import { parseReport, ReportError } from '../../src/report/report-document.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { sampleReport } from './sample-report.ts';

const report = sampleReport({
  stages: ['reduce'],
  strategies: ['none', 'ledger'],
  faults: ['none', 'crash'],
});
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'oncefold-report-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('writeReport', () => {
  it('writes JSON and HTML, and nothing else, into a new directory', async () => {
    const target = path.join(directory, 'a', 'b');
    const written = await writeReport(report, target);
    expect(await readdir(target)).toEqual(['report.html', 'report.json']);
    expect(parseReport(await readFile(written.json, 'utf8'))).toEqual(report);
    expect(await readFile(written.html, 'utf8')).toBe(renderHtml(report));
  });

  it('replaces an earlier report', async () => {
    await writeFile(path.join(directory, 'report.json'), 'earlier, and longer than nothing');
    const written = await writeReport(report, directory);
    expect(parseReport(await readFile(written.json, 'utf8'))).toEqual(report);
  });

  it('writes nothing when the report contradicts itself', async () => {
    const contradictory = { ...report, strategies: [] };
    await expect(writeReport(contradictory, directory)).rejects.toThrow(ReportError);
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves no draft behind when a file cannot be replaced', async () => {
    await mkdir(path.join(directory, 'report.json', 'in-the-way'), { recursive: true });
    await expect(writeReport(report, directory)).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['report.json']);
  });
});
