import * as Plot from '@observablehq/plot';
import type { WindowPoint } from '../../model/foresee.ts';
import { svgFile } from './svg-file.ts';

/** What the plot shows, for those who do not see it. */
export const windowChoicesTitle =
  'Dollars a month for the writes of map and reduce over the median latency, with windows of map from 0 to 30 seconds';

/** What a window of map buys, and for what: dollars over latency, a line for each rate. */
export function drawWindowChoices(points: readonly WindowPoint[]): string {
  const rates = [...new Set(points.map(({ messagesPerSecond }) => messagesPerSecond))];
  const colorOf = ({ messagesPerSecond }: WindowPoint) =>
    messagesPerSecond === rates[0] ? 'var(--other)' : 'var(--work)';
  const seconds = ({ medianMs }: WindowPoint) => medianMs / 1_000;
  const ends = rates.flatMap((rate) =>
    points.filter(({ messagesPerSecond }) => messagesPerSecond === rate).slice(0, 1),
  );
  return svgFile(windowChoicesTitle, {
    width: 640,
    height: 380,
    marginTop: 26,
    marginRight: 40,
    marginBottom: 46,
    marginLeft: 64,
    x: {
      type: 'log',
      domain: [1, 24],
      ticks: [1, 2, 5, 10, 20],
      tickFormat: (value: number) => `${value} s`,
      label: 'median from put to sum, as the model has it',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickSize: 4,
    },
    y: {
      type: 'log',
      ticks: [3, 10, 30, 100, 300],
      tickFormat: (value: number) => `$${value}`,
      label: 'writes of map and reduce, a month',
      labelArrow: 'none',
      tickSize: 0,
      domain: [2, 400],
    },
    marks: [
      Plot.gridY({ ticks: [3, 10, 30, 100, 300], stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.line(points, {
        x: seconds,
        y: 'dollarsPerMonth',
        z: 'messagesPerSecond',
        stroke: colorOf,
        strokeWidth: 1.75,
      }),
      Plot.dot(points, { x: seconds, y: 'dollarsPerMonth', fill: colorOf, r: 4 }),
      ...rates.map((rate, index) =>
        Plot.text(
          points.filter(({ messagesPerSecond }) => messagesPerSecond === rate),
          {
            x: seconds,
            y: 'dollarsPerMonth',
            text: ({ windowSeconds }: WindowPoint) => `${windowSeconds} s`,
            // Where two rates cost the same, one is named below and the other above.
            dx: index === 0 ? -14 : 14,
            dy: index === 0 ? 12 : -10,
            fill: colorOf,
          },
        ),
      ),
      ...ends.map((end, index) =>
        Plot.text([end], {
          x: seconds,
          y: 'dollarsPerMonth',
          text: ({ messagesPerSecond }: WindowPoint) => `${messagesPerSecond} a second`,
          textAnchor: 'start',
          dx: index === 0 ? -22 : 34,
          dy: index === 0 ? 30 : -10,
          fill: colorOf,
          fontWeight: 600,
        }),
      ),
    ],
  });
}
