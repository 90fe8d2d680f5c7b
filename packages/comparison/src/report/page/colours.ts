/** Colours of the page, by name of the style sheet's variable. */
export interface Colours {
  readonly paper: string;
  readonly raised: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly link: string;
  readonly exact: string;
  readonly 'exact-ink': string;
  readonly 'wrong-1': string;
  readonly 'wrong-2': string;
  readonly 'wrong-3': string;
  readonly 'wrong-4': string;
  readonly 'wrong-ink': string;
  readonly alarm: string;
  /** The part of a bar that every strategy has in common. */
  readonly effect: string;
  /** The part that the guard adds. */
  readonly guard: string;
  readonly 'series-none': string;
  readonly 'series-request-token': string;
  readonly 'series-powertools': string;
  readonly 'series-ledger': string;
  readonly 'series-checkpoint': string;
}

/** For screens and for print. */
export const light: Colours = {
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
  effect: '#a9adb3',
  guard: '#a4541f',
  'series-none': '#6b7077',
  'series-request-token': '#96650b',
  'series-powertools': '#7d4a9e',
  'series-ledger': '#1d66a0',
  'series-checkpoint': '#1b7455',
};

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
