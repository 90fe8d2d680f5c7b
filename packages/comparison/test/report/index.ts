export { hostileReport } from './hostile-report.ts';
export { sampleReport } from './sample-report.ts';
export { troubledReport } from './troubled-report.ts';
