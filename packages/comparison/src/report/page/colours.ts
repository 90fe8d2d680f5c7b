/** Variables of the style sheet, for screens and for print. */
export const light = {
  paper: '#fdfcfa',
  raised: '#f5f3ee',
  ink: '#1c1f23',
  muted: '#5b6068',
  line: '#ddd9d1',
  link: '#1a5276',
  exact: '#e3efe9',
  'exact-ink': '#1d5a45',
  'wrong-1': '#fbeedd',
  'wrong-2': '#f8dcc0',
  'wrong-3': '#f2c3a0',
  'wrong-4': '#eaa684',
  'wrong-ink': '#5c1f0b',
  alarm: '#b3261e',
  // Bars: the part that all strategies have in common, and the part that the guard adds.
  effect: '#a9adb3',
  guard: '#a4541f',
  'series-none': '#6b7077',
  'series-request-token': '#96650b',
  'series-powertools': '#7d4a9e',
  'series-ledger': '#1d66a0',
  'series-checkpoint': '#1b7455',
} as const;

export type Colours = Readonly<Record<keyof typeof light, string>>;

export const dark: Colours = {
  paper: '#16181b',
  raised: '#1f2226',
  ink: '#e6e4df',
  muted: '#a2a6ad',
  line: '#34383e',
  link: '#8cc0e8',
  exact: '#1b3129',
  'exact-ink': '#9ad8bd',
  'wrong-1': '#36291a',
  'wrong-2': '#4a2f1c',
  'wrong-3': '#633720',
  'wrong-4': '#7f4024',
  'wrong-ink': '#ffe2cf',
  alarm: '#ff8a7d',
  effect: '#5d636b',
  guard: '#e09a5f',
  'series-none': '#a2a6ad',
  'series-request-token': '#dcab52',
  'series-powertools': '#c79be3',
  'series-ledger': '#7db8ea',
  'series-checkpoint': '#6fcaa4',
};

/** Such as `--ink: #1c1f23;`. */
export function declareColours(colours: Colours): string {
  return Object.entries(colours)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');
}
