import { dark, declareColours, light } from './colours.ts';

/** The page's only style sheet; the content security policy contains its hash. */
export const styleSheet: string = `
:root { color-scheme: light dark; ${declareColours(light)} }
@media (prefers-color-scheme: dark) { :root { ${declareColours(dark)} } }
@media print { :root { color-scheme: light; ${declareColours(light)} } }

*, ::before, ::after { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; padding: clamp(1.5rem, 5vw, 4rem) clamp(1rem, 4vw, 2.5rem) 5rem; max-width: 78rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.2; text-wrap: balance; font-weight: 650; }
h1 { font-size: clamp(1.6rem, 1.1rem + 2.4vw, 2.6rem); letter-spacing: -.02em; margin: .3rem 0 1rem; max-width: 24em; }
h1.broken { color: var(--alarm); }
h2 { font-size: 1.45rem; letter-spacing: -.01em; margin: 0 0 .5rem; }
h3 { font-size: 1.05rem; margin: 2rem 0 .6rem; }
h3 small { font-weight: 400; color: var(--muted); margin-left: .4em; }
p { margin: 0 0 .75rem; }
section { margin-top: 4rem; }
.intro, .lede, .note { max-width: 44rem; }
.intro { color: var(--muted); text-wrap: pretty; }
.lede { font-size: 1.1rem; text-wrap: pretty; }
.note { color: var(--alarm); font-weight: 600; }
.eyebrow { color: var(--muted); font-size: .875rem; letter-spacing: .02em; margin: 0; }
.site { display: flex; flex-wrap: wrap; gap: .15rem 1.4rem; margin: 0 0 1.5rem; }
.facts { list-style: none; display: flex; flex-wrap: wrap; gap: .15rem 1.4rem; margin: 1rem 0 0; padding: .8rem 0 0; border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: from-font; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, pre { font: .875em/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
pre { background: var(--raised); border-radius: 6px; padding: .7rem .9rem; margin: .6rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; }

.scroll { overflow-x: auto; }
table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
th { font-weight: 500; text-align: left; }

.matrix { position: relative; }
.matrix table { border-spacing: 3px; width: 100%; table-layout: fixed; font-size: .8125rem; line-height: 1.3; }
.matrix .many { min-width: 66rem; }
.matrix .few { width: auto; }
.matrix .few thead th + th { width: 8rem; }
.matrix th { padding: .3rem .35rem; vertical-align: bottom; }
.matrix th a { color: inherit; text-decoration: none; }
.matrix th a:hover { text-decoration: underline; }
.matrix thead th { color: var(--muted); font-weight: 400; hyphens: auto; }
.matrix thead th:first-child, .matrix tbody th { width: 10.5rem; position: sticky; left: 0; background: var(--paper); z-index: 1; }
.matrix tbody th { vertical-align: middle; font-weight: 600; }
.matrix small { display: block; font-size: .75rem; font-weight: 400; }
.matrix tbody th small { color: var(--muted); }
.matrix th .promise { color: var(--exact-ink); }
.matrix td { padding: 0; border-radius: 4px; height: 3.6rem; text-align: center; }
.matrix td > a, .matrix td > span { position: relative; display: flex; flex-direction: column; justify-content: center; height: 100%; padding: .25rem .2rem; color: inherit; text-decoration: none; border-radius: 4px; }
.matrix td > a:hover, .matrix td > a:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
.amount { display: block; font-weight: 600; white-space: nowrap; }
.exact .amount { font-weight: 450; }
.exact { background: var(--exact); color: var(--exact-ink); }
.wrong { color: var(--wrong-ink); }
.wrong-1 { background: var(--wrong-1); color: var(--wrong-ink); }
.wrong-2 { background: var(--wrong-2); color: var(--wrong-ink); }
.wrong-3 { background: var(--wrong-3); color: var(--wrong-ink); }
.wrong-4 { background: var(--wrong-4); color: var(--wrong-ink); }
.failed { background: var(--raised); color: var(--ink); box-shadow: inset 0 0 0 1px var(--muted); }
.absent { color: var(--muted); }
.unexpected { box-shadow: inset 0 0 0 2px var(--ink); }
.promise-broken { box-shadow: inset 0 0 0 3px var(--alarm); }
.remark { font-weight: 600; }
.tip {
  visibility: hidden; position: absolute; z-index: 3; inset: 100% 0 auto 0; margin-top: -3.2rem; padding: .8rem 1rem;
  background: var(--raised); color: var(--ink); border: 1px solid var(--line); border-radius: 6px; text-align: left; font-size: .875rem; line-height: 1.5;
}
.tip p { margin: 0; }
.tip p + p { margin-top: .2rem; }
.tip code { overflow-wrap: anywhere; }
td:hover > .tip, td:focus-within > .tip { visibility: visible; }
td:hover > .tip { z-index: 4; }
.hint { margin: .6rem 0 0; min-height: 3.2rem; font-size: .875rem; color: var(--muted); }
@media (hover: none) { .tip, .hint { display: none; } }

.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 1.3rem; margin: 1.2rem 0 0; padding: 0; font-size: .875rem; color: var(--muted); }
.swatch { display: inline-block; min-width: 1.6em; padding: 0 .3em; border-radius: 3px; text-align: center; line-height: 1.5; }
.swatch.effect { background: var(--effect); min-width: 1em; height: 1em; vertical-align: -.12em; }
.swatch.guard { background: var(--guard); min-width: 1em; height: 1em; vertical-align: -.12em; }

.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.6rem 2.4rem; align-items: start; }
figure { margin: 0; min-width: 0; max-width: 27rem; }
figcaption { font-size: .875rem; margin-bottom: .6rem; }
figcaption strong { display: block; font-size: 1rem; font-weight: 600; }
figcaption span { color: var(--muted); }
.panels figure { display: grid; grid-row: span 2; grid-template-rows: subgrid; gap: .6rem; }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.6rem 3rem; margin-top: 1rem; }
.curves figure { max-width: 36rem; }
.curves .narrow { display: none; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { white-space: pre; }

.table { margin-top: 1.4rem; }
summary { cursor: pointer; }
.table > summary { color: var(--link); font-size: .9375rem; width: fit-content; }
.figures { font-size: .8125rem; margin-top: .6rem; }
.figures th, .figures td { padding: .28rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
.figures td { text-align: right; }
.figures thead th { color: var(--muted); text-align: right; }
.figures thead th:first-child { text-align: left; }
.figures th[scope=rowgroup] { padding-top: 1rem; font-weight: 600; }

.modelled ul { padding-left: 1.1rem; max-width: 44rem; }
.modelled li { margin-bottom: .4rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 3.5rem; }
dl { margin: 0; }
dt { font-weight: 600; }
dt code { font-weight: 400; color: var(--muted); margin-left: .3em; }
dd { margin: 0; }
.guide dl > div { padding: .5rem 0; border-top: 1px solid var(--line); }
.guide dl > div:target { background: var(--raised); }
.guide dd { color: var(--muted); }
.run dl > div, .cells dl > div { display: grid; grid-template-columns: 12.5rem 1fr; gap: 0 1rem; padding: .3rem 0; }
.run dl > div { border-top: 1px solid var(--line); }
.run dd, .cells dd { overflow-wrap: anywhere; }

.cells details { border-top: 1px solid var(--line); padding: .45rem 0; }
.entry { scroll-margin-top: 3.5rem; padding: .2rem .2rem .2rem 1.1em; }
.entry:target { background: var(--raised); border-radius: 6px; }
.entry:target pre { background: var(--paper); }
.group > summary { font-weight: 600; }
.group > summary > :last-child { font-weight: 400; color: var(--muted); font-size: .875rem; }
.group > details { margin-left: 1.1em; }
.cells summary { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .2rem 1rem; }
.cells summary::-webkit-details-marker { display: none; }
.cells summary .what::before { content: "▸"; display: inline-block; width: 1.1em; color: var(--muted); }
.cells details[open] > summary .what::before { content: "▾"; }
.cells dl { font-size: .9375rem; margin: .5rem 0; }
.chip { font-size: .8125rem; padding: .05rem .55rem; border-radius: 4px; font-variant-numeric: tabular-nums; }

@media (max-width: 40rem) {
  section { margin-top: 3rem; }
  .matrix thead th:first-child, .matrix tbody th { width: 7.2rem; }
  .curves .narrow { display: block; }
  .curves .wide { display: none; }
  .run dl > div, .cells dl > div { grid-template-columns: 1fr; }
}
@media print {
  html { font-size: 8.5pt; }
  body { max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .hint, .tip, .skip { display: none; }
  .matrix table, .matrix .many { min-width: 0; font-size: 6.5pt; }
  .matrix small { font-size: 6pt; }
  .matrix thead th:first-child, .matrix tbody th { width: 5.5rem; position: static; }
  .panels { grid-template-columns: repeat(3, 1fr); gap: 1rem 1.2rem; }
  .curves { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; }
  section { margin-top: 2rem; }
  figure, tr, .cells details, dl > div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
}
`;
