import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ComparisonReport } from './comparison-report.ts';
import { renderHtml } from './page/render-html.ts';
import { formatReport } from './report-document.ts';

/** Absolute paths. */
export interface WrittenReport {
  readonly json: string;
  readonly html: string;
}

/**
 * Writes a report as JSON and as an HTML page into a directory, which is created if it does not exist.
 *
 * Each file is replaced atomically, even if the process is killed meanwhile.
 */
export async function writeReport(report: ComparisonReport, directory: string): Promise<WrittenReport> {
  const text = formatReport(report);
  const page = renderHtml(report);
  const files = {
    json: path.resolve(directory, 'report.json'),
    html: path.resolve(directory, 'report.html'),
  };
  await mkdir(directory, { recursive: true });
  await replaceFile(files.json, text);
  await replaceFile(files.html, page);
  return files;
}

async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
