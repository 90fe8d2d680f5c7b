/** What the live page has beside the style sheet of all pages. */
export const livePageStyles: string = `
.live { max-width: 100rem; margin: 0 auto; }
.live section { margin: 0 0 1.8rem; }
.live h2 { font-size: .95rem; color: var(--ink); margin: 0 0 .5rem; }
.headline .right { color: var(--right-ink); }
.headline .broken { color: var(--alarm); }
.headline { font-variant-numeric: tabular-nums; }
.connection { color: var(--muted); font-size: .9rem; }
.connection::before { content: ""; display: inline-block; width: .6em; height: .6em; border-radius: 50%; margin-right: .5em; background: var(--muted); }
.connection.on::before { background: var(--write); }
.connection.over::before { background: none; box-shadow: inset 0 0 0 2px var(--muted); }
.connection.off { color: var(--alarm); font-weight: 600; }
.connection.off::before { background: var(--alarm); }

.flow { list-style: none; margin: 0 0 1.2rem; padding: 0 1rem 0 0; display: flex; flex-wrap: wrap; gap: .8rem 0; align-items: stretch; }
.flow li { position: relative; margin-right: 1.6rem; }
.flow li:last-child { margin-right: 0; }
.flow li:not(:last-child, .end)::after { content: "→"; position: absolute; right: -1.35rem; top: 50%; translate: 0 -50%; color: var(--muted); }
.flow .node { display: flex; flex-direction: column; justify-content: center; font-size: .875rem; max-width: 11rem; }
.flow .node b { overflow-wrap: anywhere; }
.flow .kind, .flow .note { color: var(--muted); font-size: .8rem; font-variant-numeric: tabular-nums; }
.flow .stage { flex: 1 1 11.4rem; max-width: 17rem; border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; background: var(--raised); }
.flow .failing { border-color: var(--fault); box-shadow: inset 0 0 0 1px var(--fault); }
.flow h3 { font-size: 1rem; margin: 0; }
.flow .rate { margin: 0; font-variant-numeric: tabular-nums; color: var(--muted); font-size: .875rem; }
.flow .rate b { font-size: 1.35rem; color: var(--ink); font-weight: 650; }
.spark { display: block; width: 100%; height: 1.8rem; border-bottom: 1px solid var(--line); margin: .2rem 0 .4rem; }
.spark path { stroke: var(--accent); stroke-width: .8; fill: none; }
.flow dl { margin: 0; font-size: .85rem; font-variant-numeric: tabular-nums; }
.flow dl > div { display: grid; grid-template-columns: 4.2rem 1fr; }
.flow dt { color: var(--muted); }
.flow dd { margin: 0; }
.flow .last { margin: .3rem 0 0; font-size: .8rem; color: var(--muted); }
.flow .failing .last { color: var(--fault); font-weight: 600; }

.scroll { overflow-x: auto; }
.live table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
.live thead th { color: var(--muted); font-weight: 500; white-space: nowrap; }
.live th, .live td { text-align: left; padding: .22rem .6rem .22rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; }
.live th[scope=row] { font-weight: 600; white-space: nowrap; }
.live .stages :is(td, thead th:not(:first-child)) { text-align: right; padding-left: .5rem; }
.live .stages thead tr:last-child th { text-align: right; }
.live .stages thead [scope=colgroup] { text-align: center; }
.live .sums thead th:nth-child(n+3), .live .number, .live .figure { text-align: right; }
.figure { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; white-space: pre; }
.when, .number, .quarantine td { white-space: nowrap; }
.live .quarantine thead th { white-space: normal; vertical-align: bottom; }
.live .quarantine .record { color: var(--muted); font-size: .8rem; }
.live .quarantine .cause { min-width: 5rem; white-space: normal; overflow-wrap: anywhere; }
.live .quarantine thead th:last-child { text-align: right; }
#faults p:first-child { margin-top: .5rem; }
.detail { min-width: 11rem; color: var(--muted); }
.tall { max-height: 46rem; overflow-y: auto; }
.tall thead { position: sticky; top: 0; background: var(--paper); }
.live .alarm { color: var(--alarm); font-weight: 650; }
.chip { display: inline-block; border-radius: 4px; padding: 0 .4rem; white-space: nowrap; border: 1px solid transparent; }
.chip.exact, .chip.committed { background: var(--right); color: var(--right-ink); }
.chip.known { background: var(--now); color: var(--ink); }
.chip.late { border-color: var(--line); color: var(--muted); }
.chip.induced { border-color: var(--fault); color: var(--fault); }
.chip.wrong, .chip.failed { background: var(--alarm); color: var(--paper); font-weight: 650; }
tr.wrong .figure { color: var(--alarm); }
#sums-note, .faults { font-size: .9rem; color: var(--muted); }
.account { font-variant-numeric: tabular-nums; }
.part { white-space: nowrap; }
.rounds { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.rounds li { padding: .15rem 0; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 2rem; align-items: start; }
.columns > :only-child { grid-column: 1 / -1; }

@media (max-width: 70rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 60rem) {
  .flow { flex-direction: column; gap: 1.7rem; }
  .flow li { margin: 0; }
  .flow li:not(:last-child, .end)::after { content: "↓"; right: auto; left: 1rem; top: auto; bottom: -1.6rem; translate: 0; }
  .flow .node { flex-direction: row; flex-wrap: wrap; justify-content: flex-start; gap: 0 .5rem; max-width: none; align-items: baseline; }
  .flow .stage { flex: none; max-width: none; }
}
@media (max-width: 37.5rem) {
  .live :is(.stages, .batches) thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .live :is(.stages, .batches), .live :is(.stages, .batches) tbody { display: block; }
  .live :is(.stages, .batches) tr { display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; padding: .3rem 0; border-bottom: 1px solid var(--line); }
  .live :is(.stages, .batches) :is(th, td) { border: 0; padding: 0; }
  .live :is(.stages, .batches) tbody tr [data-label] { text-align: left; padding: 0; }
  .live .stages th[scope=row], .live .batches .detail { flex: 1 0 100%; min-width: 0; white-space: normal; overflow-wrap: anywhere; }
  .live .batches .detail:empty { display: none; }
  .live .batches :is(td, .chip) { max-width: 100%; white-space: normal; overflow-wrap: anywhere; }
  .live :is(.stages, .batches) [data-label]::before { content: attr(data-label) " "; color: var(--muted); font-weight: 400; }
}
@media print { .scroll { overflow: visible; } .connection { display: none; } .chip { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
