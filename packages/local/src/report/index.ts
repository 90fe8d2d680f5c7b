export { renderHtml } from './page/render-html.ts';
export { parseReport, ReportError } from './report-document.ts';
export { renderTerminal } from './terminal/render-terminal.ts';
export { writeReport } from './write-report.ts';
