import { runHours } from './test/support/hours/run-hours.ts';
const guard = { recountGuard: (g: any) => ({ ...g, actionFor: (s: any) => ({ type: 'put', table: 'RecountTable', key: { Identifier: { S: ':unguarded' } }, attributes: { Owner: { S: s.owner } } }) }) };
const stray = { recountGuard: (g: any) => ({ ...g, strayActions: () => [] }) };
const [from, to] = process.argv.slice(2);
for (const [name, parts] of [['stray', { map: stray }]] as const) {
 for (const hoursMax of [3, 23, 26]) for (const dimensions of [['RiskType'], ['RiskType', 'TradeDesk']] as const) for (const hasForeignWriter of [false, true]) {
  let bad: number[] = []; let err = '';
  for (let seed = Number(from); seed < Number(to); seed += 1) {
    try { const { actual, expected } = await runHours(seed, { hoursMax, dimensions, hasForeignWriter, parts } as never); if (JSON.stringify(Object.entries(actual).sort()) !== JSON.stringify(Object.entries(expected).sort())) bad.push(seed); } catch (e) { bad.push(-seed); err = String(e); }
  }
  if (bad.length) console.log(name, hoursMax, dimensions.length, hasForeignWriter, bad.slice(0, 8).join(' '), err.slice(0, 150));
 } console.log(name, 'done'); }
