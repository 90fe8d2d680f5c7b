/** What the playground has beside its timeline. */
export const playgroundStyles: string = `
.intro p { max-width: 56rem; text-wrap: pretty; }
.name { margin-bottom: .3rem; }
.choice { border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; margin: 0 0 1.2rem; }
.strategies { border: 0; margin: 0 0 .6rem; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .5rem; }
.strategies legend { padding: 0 0 .4rem; font-weight: 600; }
.strategies label { display: flex; gap: .5rem; align-items: baseline; border: 1px solid var(--line); border-radius: 6px; padding: .45rem .65rem; cursor: pointer; }
.strategies label:has(:checked) { border-color: var(--accent); background: var(--now); box-shadow: inset 0 0 0 1px var(--accent); }
.strategies label:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
.strategies small { display: block; color: var(--muted); font-size: .85rem; line-height: 1.35; }
.strategies .none { grid-column: 1 / -1; }
input { accent-color: var(--accent); }
.faults { margin-bottom: .7rem; }
.faults summary { cursor: pointer; color: var(--accent); padding: .3rem 0; }
.faults ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .3rem 1rem; font-size: .9rem; line-height: 1.35; }
.faults label { display: flex; gap: .5rem; align-items: baseline; padding: .15rem 0; }
.faults code { color: var(--muted); font-size: .75rem; white-space: nowrap; }
.fault-buttons { margin: .2rem 0 .5rem; }
.seeds { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.seeds input { width: 9rem; background: var(--paper); border: 1px solid var(--muted); border-radius: 6px; padding: .3rem .5rem; min-height: 2.25rem; }
.seeds input:invalid { border-color: var(--alarm); box-shadow: inset 0 0 0 1px var(--alarm); }
.primary { background: var(--accent); color: var(--paper); border-color: var(--accent); font-weight: 600; }
#status { margin: 0; color: var(--muted); min-height: 1.5em; font-variant-numeric: tabular-nums; }
#timeline .running { font-size: 1.35rem; color: var(--muted); }
#timeline .headline { font-size: 1.35rem; }
@media (max-width: 40rem) {
  .choice { padding: .7rem; }
  .faults ul { grid-template-columns: minmax(0, 1fr); }
  .seeds button { flex: 1 1 auto; }
}
@media print { .choice { display: none; } }
`;
