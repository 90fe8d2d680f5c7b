export { NoAnswerError, TableUnavailableError } from './errors.ts';
export { scanTable, type TableAccess, type TableItem } from './scan-table.ts';
export { type OperationsClock, sendAgain } from './send-again.ts';
export { systemOperationsClock } from './system-clock.ts';
export { createTableClock } from './table-clock.ts';
