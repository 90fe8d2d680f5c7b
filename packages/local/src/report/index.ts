export { renderHtml } from './page/render-html.ts';
export { parseReport, ReportError } from './report-document.ts';
export { renderTerminal, type TerminalOptions } from './terminal/render-terminal.ts';
export { type WrittenReport, writeReport } from './write-report.ts';
