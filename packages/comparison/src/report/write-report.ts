import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ComparisonReport } from './comparison-report.ts';
import { renderHtml } from './page/render-html.ts';
import { formatReport } from './report-document.ts';

/** Where a report was written to; absolute paths. */
export interface WrittenReport {
  /** `report.json`: the document itself, for programs. */
  readonly json: string;
  /** `report.html`: the page, for people. */
  readonly html: string;
}

/**
 * Writes a report as a document and as a page.
 *
 * Each file is either the one that stood there before or the whole new one, also when the process is killed meanwhile.
 *
 * @throws {@link ReportError} when the report is not one; nothing is written then
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
