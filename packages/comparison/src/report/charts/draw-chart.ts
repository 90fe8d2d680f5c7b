import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** What every chart of the page is drawn with, besides what Plot takes. */
export interface ChartOptions extends Plot.PlotOptions {
  readonly width: number;
  readonly height: number;
  /** The id of the element of the page that says what the chart shows. */
  readonly labelledBy: string;
}

/**
 * Draws a chart for the page.
 *
 * It is one image to those who do not see it; the page says the same in a table.
 *
 * @param options - what Plot takes; colours as variables of the page's style sheet
 * @returns an `svg` element without style sheet, script or reference to anything outside the page
 */
export function drawChart({ labelledBy, ...options }: ChartOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({ ...options, document, className: 'chart' });
  // The page has one style sheet, named by its hash in the content security policy.
  for (const style of chart.querySelectorAll('style')) {
    style.remove();
  }
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-labelledby', labelledBy);
  chart.setAttribute('font-size', '12');
  chart.removeAttribute('font-family');
  return chart.outerHTML;
}
