import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Options of Plot, with colours as variables of the page's style sheet. */
export interface ChartOptions extends Plot.PlotOptions {
  readonly width: number;
  readonly height: number;
  /** Id of the page's element that says what the chart shows. */
  readonly labelledBy: string;
}

/**
 * Draws a chart as SVG without style sheet, script or reference to anything outside the page.
 *
 * To screen readers it is one image; the page has the same figures in a table.
 */
export function drawChart({ labelledBy, ...options }: ChartOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({ ...options, document, className: 'chart' });
  // The content security policy allows only the page's own style sheet.
  for (const style of chart.querySelectorAll('style')) {
    style.remove();
  }
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-labelledby', labelledBy);
  chart.setAttribute('font-size', '12');
  chart.removeAttribute('font-family');
  return chart.outerHTML;
}
