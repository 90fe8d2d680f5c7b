import { type ChartOptions, drawChart } from '@oncefold/comparison/charts';

/** Colors for light and dark pages: an image does not see the style sheet of the page that it is on. */
const STYLE = `
svg { color-scheme: light dark; --ink: #1c1f23; --muted: #565b63; --line: #d6d2ca; --paper: #fdfcfa; --wait: #b9d3e8; --work: #1a5276; --other: #a8601a; color: var(--ink); }
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; }
@media (prefers-color-scheme: dark) {
svg { --ink: #e8e6e1; --muted: #a7abb2; --line: #3a3e45; --paper: #17191c; --wait: #2f4a61; --work: #8cc0e8; --other: #eab676; }
}
`;

/** Makes a plot a file that can stand for itself, in light and in dark. */
export function svgFile(title: string, options: Omit<ChartOptions, 'labelledBy'>): string {
  const svg = drawChart({ ...options, labelledBy: 'title' });
  const begin = svg.indexOf('>') + 1;
  const opened = svg.slice(0, begin);
  const head = opened.includes('xmlns=')
    ? opened
    : opened.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  return `${head}<title id="title">${title}</title><style>${STYLE}</style>${svg.slice(begin)}\n`;
}
