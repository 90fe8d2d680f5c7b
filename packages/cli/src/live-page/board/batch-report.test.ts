import { describe, expect, it } from 'vitest';
import { readBatchReport } from './batch-report.ts';

const line = (fields: object): string =>
  JSON.stringify({ level: 'INFO', function_request_id: 'r1', ...fields });

describe('readBatchReport', () => {
  it('tells what a commit added from what was known', () => {
    const report = { message: 'Batch committed', records: 12, RecordsQuarantined: 1, RecordsUnconfirmed: 0 };
    expect(readBatchReport(line({ ...report, RecordsApplied: 9, RecordsAlreadyApplied: 2 }))).toEqual({
      requestId: 'r1',
      counted: 10,
      known: 2,
      text: '9 applied, 1 quarantined, 2 known',
    });
  });

  it('knows of the state stage that a record which is not counted was counted before', () => {
    const report = { message: 'Batch processed.', records: 10, duplicate: 1, stale: 0, conflict: 0 };
    expect(readBatchReport(line({ ...report, applied: 4, quarantined: 0, failed: 2 }))).toMatchObject({
      counted: 5,
      known: 3,
      text: '4 applied, 1 duplicate, 3 known',
    });
  });

  it('shows numbers as the columns beside it do', () => {
    const report = { message: 'Batch committed', records: 1_000, RecordsApplied: 1_000 };
    expect(readBatchReport(line(report))).toMatchObject({ text: '1,000 applied' });
  });

  it.each([
    ['another line', line({ message: 'hello' })],
    ['no JSON', 'INFO "Batch committed"'],
    ['no request', JSON.stringify({ message: 'Batch committed' })],
    ['a line that is too long', line({ message: 'Batch committed', padding: 'x'.repeat(10_000) })],
  ])('reads nothing from %s', (_, text) => {
    expect(readBatchReport(text)).toBeUndefined();
  });

  it('takes no count for what is none', () => {
    const forged = { message: 'Batch committed', RecordsApplied: '<b>9</b>', RecordsAlreadyApplied: -1 };
    expect(readBatchReport(line(forged))).toMatchObject({ counted: 0, known: 0, text: '' });
  });
});
