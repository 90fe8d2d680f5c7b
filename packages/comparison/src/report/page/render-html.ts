import { createHash } from 'node:crypto';
import type { ComparisonReport } from '../comparison-report.ts';
import { formatMoment } from '../describe-run.ts';
import { stagesOf, summarize } from '../findings.ts';
import { formatCount, formatCounted } from '../format-number.ts';
import { cellsSection } from './cells-section.ts';
import { costSection } from './cost-section.ts';
import { guideSection } from './guide-section.ts';
import { type Markup, markup, trustMarkup } from './markup.ts';
import { matrixSection } from './matrix-section.ts';
import { modelledSection, runSection } from './run-section.ts';
import { styleSheet } from './style-sheet.ts';

/** A link to another page. */
export interface PageLink {
  readonly text: string;
  readonly href: string;
}

/**
 * Renders a report as an HTML document; everything from the report is escaped.
 *
 * The page is self-contained: no script and no image, font or style from elsewhere, and a content security policy that
 * forbids them, so that it looks the same from a disk, in a mail and in ten years.
 *
 * @param navigation - links to other pages of a site that it is a part of
 */
export function renderHtml(report: ComparisonReport, navigation: readonly PageLink[] = []): string {
  const { headline } = summarize(report);
  const style = createHash('sha256').update(styleSheet).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${headline} Oncefold comparison, seed ${report.parameters.seed}</title>
<style>${trustMarkup(styleSheet)}</style>
</head>
<body>
<a class="skip" href="#matrix">Skip to the matrix</a>
${header(report, navigation)}
<main>
${matrixSection(report)}
${costSection(report)}
${modelledSection(report)}
${guideSection(report)}
${cellsSection(report)}
${runSection(report)}
</main>
</body>
</html>
`;
  return page.html;
}

function header(report: ComparisonReport, navigation: readonly PageLink[]): Markup {
  const { headline, notes } = summarize(report);
  const { parameters, cells, startedAt, machine } = report;
  const stages = stagesOf(report);
  const work =
    `${formatCounted(report.strategies.length, 'strategy', 'strategies')} under ` +
    `${formatCounted(report.faults.length, 'fault')} in ${formatCounted(stages.length, 'stage')} of one pipeline: ` +
    'the same input, the same faults, real functions on a local engine.';
  const facts = [
    `Seed ${parameters.seed}`,
    `${formatCounted(parameters.messages, 'message')}${parameters.quick ? ', quick run' : ''}`,
    `${formatCounted(cells.length, 'cell')}`,
    formatMoment(startedAt),
    `${machine.platform}, ${formatCount(machine.cores)} × ${machine.cpuModel}`,
  ];
  const links = navigation.map(({ text, href }) => markup`<a href="${href}">${text}</a> `);
  return markup`<header>
${links.length === 0 ? '' : markup`<nav class="site">${links}</nav>\n`}<p class="eyebrow">Oncefold · commit strategies compared</p>
<h1 class="${report.verdict}">${headline}</h1>
${notes.map((note) => markup`<p class="note">${note}</p>\n`)}<p class="lede">${work}</p>
<ul class="facts">${facts.map((fact) => markup`<li>${fact}</li>`)}</ul>
</header>`;
}
