/** Variables of the style sheet, for screens and for print. */
export const light: Readonly<Record<string, string>> = {
  paper: '#fdfcfa',
  raised: '#f4f2ed',
  ink: '#1c1f23',
  muted: '#565b63',
  line: '#d6d2ca',
  accent: '#1a5276',
  bar: '#a9c3d6',
  write: '#1d5a45',
  right: '#e3efe9',
  'right-ink': '#1d5a45',
  fault: '#8a4b00',
  alarm: '#b3261e',
  'alarm-paper': '#fbe4e1',
  now: '#e3edf5',
};

export const dark: Readonly<Record<string, string>> = {
  paper: '#16181b',
  raised: '#1f2226',
  ink: '#e8e6e1',
  muted: '#a7abb2',
  line: '#3a3e45',
  accent: '#8cc0e8',
  bar: '#3c5a70',
  write: '#7fd0ad',
  right: '#1b3129',
  'right-ink': '#9ad8bd',
  fault: '#f0b266',
  alarm: '#ff8a7d',
  'alarm-paper': '#432220',
  now: '#22384a',
};

/** The style sheet of a timeline and of the pages around it. Colours reach a contrast of 4.5 to 1 on what is behind them. */
export const styleSheet: string = `
:root { color-scheme: light dark; ${declare(light)} }
@media (prefers-color-scheme: dark) { :root { ${declare(dark)} } }
@media print { :root { color-scheme: light; ${declare(light)} } }

*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; padding: clamp(.8rem, 2vw, 1.6rem); background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
}
h1, .headline { font-size: clamp(1.4rem, 1.1rem + 1.4vw, 2rem); line-height: 1.2; letter-spacing: -.01em; font-weight: 650; color: var(--ink); margin: .1rem 0 .4rem; text-wrap: balance; }
h2 { font-size: .82rem; line-height: 1.3; font-weight: 600; color: var(--muted); margin: 0 0 .35rem; letter-spacing: .01em; }
p { margin: 0 0 .5rem; }
a { color: var(--accent); text-underline-offset: .18em; }
code { font: .85em/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
button, select, input { font: inherit; color: inherit; }
button { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .65rem; min-height: 2.25rem; cursor: pointer; }
button:hover { border-color: var(--muted); }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }

.verdict { max-width: 62rem; margin-bottom: 1rem; }
.verdict.broken .headline { color: var(--alarm); }
.verdict.right .headline { color: var(--right-ink); }
.verdict p { max-width: 56rem; text-wrap: pretty; }
.eyebrow, .description { color: var(--muted); font-size: .9rem; margin: 0; }
.verdict details { font-size: .9rem; }
.verdict summary, .legend summary { cursor: pointer; color: var(--accent); }
.jump { white-space: nowrap; }

.board { display: grid; grid-template-columns: minmax(0, 1fr) 23rem; gap: 1rem; height: max(30rem, calc(100dvh - 18rem)); }
.pane { position: relative; contain: strict; overflow: auto; border: 1px solid var(--line); border-radius: 8px; }
.panel { overflow: auto; border: 1px solid var(--line); border-radius: 8px; padding: 0 1rem 1rem; }

.heads { position: sticky; top: 0; z-index: 2; display: grid; grid-template-columns: var(--drawing) 8.2rem minmax(15rem, 1fr); align-items: end; width: max(100%, calc(var(--drawing) + 23.2rem)); background: var(--paper); border-bottom: 1px solid var(--line); color: var(--muted); font-size: .8rem; }
.heads > .when, .heads > .what { padding: 0 .5rem .4rem; }
.names { display: flex; height: 8.6rem; }
.names span { flex: 0 0 var(--lane); writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; line-height: var(--lane); padding-top: .4rem; }
.names .store { color: var(--ink); font-weight: 600; }

.steps { list-style: none; margin: 0; padding: 0; width: max(100%, calc(var(--drawing) + 23.2rem)); }
.step { display: grid; grid-template-columns: var(--drawing) minmax(0, 1fr); height: var(--row); break-inside: avoid; content-visibility: auto; contain-intrinsic-size: auto var(--row); }
.step > a { display: grid; grid-template-columns: 8.2rem minmax(15rem, 1fr); align-items: center; height: var(--row); color: inherit; text-decoration: none; }
.step > a:focus-visible { outline-offset: -2px; }
.step .when { padding: 0 .5rem; color: var(--muted); font-size: .78rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.step .gap { display: block; white-space: nowrap; color: var(--fault); font-weight: 600; }
.step .what { padding: 0 .5rem; font-size: .875rem; line-height: 1.25; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.step:hover { background: var(--raised); }
.step.quiet .what { color: var(--muted); }
.step.write .what { font-weight: 550; }
.step.failure .what { color: var(--alarm); }
.step.moment { background: var(--alarm-paper); }
.step.now, .step.now:hover { background: var(--now); box-shadow: inset 4px 0 0 var(--accent); }
.step.moment.now { background: var(--alarm-paper); box-shadow: inset 4px 0 0 var(--alarm); }
.badge { display: inline-block; background: var(--alarm); color: var(--paper); border-radius: 4px; padding: 0 .35rem; font-size: .75rem; font-weight: 650; }
.fault-note { color: var(--fault); font-style: normal; font-weight: 400; }
.step.fault .what { color: var(--fault); }
.icon path { fill: currentColor; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.icon { display: block; margin: auto; }

.drawing { display: block; }
.drawing line { stroke: var(--muted); stroke-width: 1.5; }
.drawing .lane { stroke: var(--line); stroke-width: 1; }
.drawing .lane.store { stroke: var(--muted); stroke-width: 2; }
.drawing .idle { stroke-dasharray: 2 4; stroke: var(--muted); }
.drawing .bar { fill: var(--bar); }
.drawing .bar.failed { fill: var(--alarm-paper); stroke: var(--alarm); stroke-width: 1; }
.drawing line.call, .drawing line.answer { stroke: var(--muted); }
.drawing .call.head, .drawing .answer.head, .drawing circle.call { fill: var(--muted); }
.drawing circle.checkpoint { fill: var(--accent); }
.drawing line.request { stroke: var(--accent); stroke-width: 2; }
.drawing polygon.request { fill: var(--accent); }
.drawing line.refused { stroke-dasharray: 6 2; }
.drawing line.late { stroke: var(--fault); stroke-dasharray: 1 3; stroke-width: 3; stroke-linecap: round; }
.drawing polygon.late { fill: var(--fault); }
.drawing line.reply { stroke: var(--write); stroke-dasharray: 4 3; }
.drawing polygon.reply { fill: var(--write); }
.drawing line.failure { stroke: var(--alarm); }
.drawing polygon.failure { fill: var(--alarm); }
.drawing line.deployment { stroke: var(--fault); stroke-dasharray: 8 4; stroke-width: 2; }
.drawing .record { fill: var(--ink); }
.drawing rect.write { fill: var(--write); }
.drawing rect.violation { fill: var(--alarm); stroke: var(--alarm); stroke-width: 5; }
.drawing .hollow { fill: var(--paper); stroke-width: 2; stroke: var(--accent); }
.drawing .hollow.violation, .drawing .hollow.failure { stroke: var(--alarm); }
.drawing .stroke { fill: none; stroke-width: 2.5; stroke: var(--alarm); stroke-linecap: round; }
.drawing .question, .drawing .hollow + .stroke { stroke-width: 1.5; }
.drawing .stroke.quiet { stroke: var(--muted); }
.drawing polygon.fault { fill: var(--fault); }

.controls { position: sticky; top: 0; z-index: 1; background: var(--paper); padding: .8rem 0 .6rem; border-bottom: 1px solid var(--line); margin-bottom: .7rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .35rem; }
.buttons button { min-width: 2.6rem; }
.only { display: block; margin-top: .5rem; font-size: .875rem; }
.current { min-height: 6.5rem; }
.place { color: var(--muted); font-size: .85rem; margin: 0; font-variant-numeric: tabular-nums; }
.words { font-weight: 600; line-height: 1.35; }
.struck { color: var(--fault); }
.current ul { margin: 0 0 .5rem; padding-left: 1.1rem; font-size: .875rem; }
.why { background: var(--alarm-paper); border-left: 4px solid var(--alarm); padding: .5rem .7rem; border-radius: 0 6px 6px 0; margin-bottom: .6rem; }
.why p { margin: 0; }
.state section, .share { border-top: 1px solid var(--line); padding-top: .6rem; margin-top: .6rem; }
.counts { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem; margin: 0; padding: 0; }
.counts li { border: 1px solid var(--line); border-radius: 6px; padding: .1rem .45rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
.counts b { font-weight: 600; }
.counts .once { background: var(--right); color: var(--right-ink); border-color: transparent; }
.counts .twice { background: var(--alarm); color: var(--paper); border-color: transparent; font-weight: 650; }
.counts .absent { color: var(--muted); border-style: dashed; }
.lines { margin: 0; padding-left: 1.1rem; font-size: .875rem; }
.none { color: var(--muted); font-size: .85rem; margin: .2rem 0 0; }
.state table { border-collapse: collapse; width: 100%; font-size: .85rem; }
.state th { text-align: left; font-weight: 500; padding: .1rem .6rem .1rem 0; vertical-align: top; white-space: nowrap; }
.state td { text-align: right; font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
.state summary { cursor: pointer; font-size: .85rem; color: var(--accent); }
mark { background: var(--alarm); color: var(--paper); border-radius: 2px; font-weight: 700; }
.command { display: flex; gap: .5rem; align-items: center; justify-content: space-between; margin: 0; }
.legend { margin-top: .9rem; font-size: .875rem; }
.legend ul { list-style: none; margin: .3rem 0; padding: 0; }
.legend li { display: grid; grid-template-columns: auto 1fr; gap: .6rem; align-items: center; height: 34px; line-height: 1.2; }

@media (max-width: 60rem) {
  .board { grid-template-columns: minmax(0, 1fr); height: auto; gap: .7rem; }
  .pane { height: 56svh; min-height: 20rem; }
  .panel { overflow: visible; padding-bottom: 4.5rem; border: 0; padding-inline: 0; }
  .controls { position: static; padding: 0; border: 0; margin: 0 0 .6rem; }
  .buttons { position: fixed; inset: auto 0 0 0; z-index: 3; flex-wrap: nowrap; padding: .5rem .8rem calc(.5rem + env(safe-area-inset-bottom)); background: var(--paper); border-top: 1px solid var(--line); }
  .buttons button { flex: 1 1 auto; line-height: 1.1; min-height: 2.75rem; padding-inline: .3rem; }
  .current { min-height: 7rem; }
}
@media (max-width: 40rem) {
  .heads, .steps { width: max(100%, calc(var(--drawing) + 12.5rem)); }
  .names span { font-size: .68rem; }
  .heads { grid-template-columns: var(--drawing) minmax(12.5rem, 1fr); }
  .heads > .when { display: none; }
  .step > a { grid-template-columns: minmax(12.5rem, 1fr); align-content: center; }
  .step .when { line-height: 1.1; font-size: .7rem; }
  .step .gap { display: inline; }
  .step .what { font-size: .8rem; line-height: 1.15; -webkit-line-clamp: 3; }
}
.command button { flex: none; white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) { .step { transition: background-color .12s; } }
@media print {
  body { padding: 0; font-size: 10pt; }
  .board { display: block; height: auto; }
  .pane { overflow: visible; contain: none; border: 0; height: auto; }
  .heads { position: static; }
  .panel { overflow: visible; border: 0; padding: 1rem 0 0; break-before: page; }
  .buttons, .only, [data-copy], .controls { display: none; }
  .step, .why, .counts li, .drawing, mark, .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .step.now { background: none; box-shadow: none; }
  .step { content-visibility: visible; }
}
`;

function declare(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');
}
