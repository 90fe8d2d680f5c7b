import {
  arrangeCells,
  type ComparisonReport,
  describeRun,
  type StageCode,
  stagesOf,
  summarize,
} from '@oncefold/comparison';
import { createPalette, type Palette } from '../../terminal/palette.ts';
import { printable } from '../../terminal/printable.ts';
import { matrixView } from './matrix-view.ts';
import { overheadView } from './overhead-view.ts';
import { remarksView } from './remarks-view.ts';
import { wrapText } from './wrap-text.ts';

export interface TerminalOptions {
  /** Characters per line; only a table or a single word may be wider. */
  readonly columns: number;
  /** Whether control characters may be written. */
  readonly colour: boolean;
}

const legend =
  '+ too much · − too little, each summed over the leaves of the hierarchy and rounded; ' +
  '! not as expected · !! promise broken · ? no result';

/** Renders a report for a terminal or a log, with the verdict last. */
export function renderTerminal(report: ComparisonReport, options: TerminalOptions): string {
  const palette = createPalette(options.colour);
  const { columns } = options;
  const matrices = arrangeCells(report);
  const sections = [
    ...matrices.map((view) =>
      section(
        `${view.stage} stage, ${printable(view.transactions.title).toLowerCase()}: exact or not`,
        matrixView(view, palette, columns),
        palette,
      ),
    ),
    ...(matrices.length === 0 ? [] : [palette.faint(wrapText(legend, columns))]),
    remarksView(report, palette, columns),
    ...stagesOf(report).map((stage) => overheadSection(report, stage, palette, columns)),
    modelledView(report, palette, columns),
    runView(report, palette, columns),
    verdictView(report, palette, columns),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function overheadSection(
  report: ComparisonReport,
  stage: StageCode,
  palette: Palette,
  columns: number,
): string {
  const table = overheadView(report, stage, columns);
  return table === '' ? '' : section(`${stage} stage: one batch without faults`, table, palette);
}

function modelledView({ modelled }: ComparisonReport, palette: Palette, columns: number): string {
  if (modelled.length === 0) {
    return '';
  }
  const lines = modelled.map((sentence) =>
    wrapText(printable(sentence), columns, { first: '- ', rest: '  ' }),
  );
  return section('modelled, computed or assumed, not measured', lines.join('\n'), palette);
}

function runView(report: ComparisonReport, palette: Palette, columns: number): string {
  const facts = describeRun(report).map(({ term, text }) =>
    wrapText(`${term}: ${printable(text)}`, columns, { first: '', rest: '  ' }),
  );
  return section('this run', facts.join('\n'), palette);
}

function verdictView(report: ComparisonReport, palette: Palette, columns: number): string {
  const { headline, notes } = summarize(report);
  const paint = { kept: palette.good, broken: palette.bad, incomplete: palette.warning }[report.verdict];
  const verdict = paint(wrapText(headline, columns));
  return [verdict, ...notes.map((note) => wrapText(note, columns))].join('\n');
}

function section(title: string, body: string, palette: Palette): string {
  return `${palette.strong(title)}\n${body}`;
}
