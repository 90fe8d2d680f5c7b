import { z } from 'zod';
import type { ComparisonReport } from './comparison-report.ts';
import { comparisonReportSchema } from './report-schema.ts';

/** The text or object is not a valid report; the message says where, never what it contains. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly code = 'not-a-report';
}

/** Formats a report as indented JSON; the report is checked, so that {@link parseReport} can read it. */
export function formatReport(report: ComparisonReport): string {
  return `${JSON.stringify(check(report), undefined, 2)}\n`;
}

export function parseReport(text: string): ComparisonReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ReportError('the text is not JSON', { cause });
  }
  return check(value);
}

function check(value: unknown): ComparisonReport {
  const result = comparisonReportSchema.safeParse(value);
  if (!result.success) {
    throw new ReportError(z.prettifyError(result.error), { cause: result.error });
  }
  return result.data;
}
