/**
 * Measures one figure, in a process of its own, so that none finds what another has compiled, cached or left to be collected.
 *
 *     node --expose-gc bench/src/measure-figure.ts NAME [--quick]
 *
 * Writes the measurement as JSON to a descriptor of its own, because what is measured may write to the others.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXTRA_DESCRIPTOR } from '@oncefold/engines';
import { figures } from './figures.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const figure = figures.find(({ name }) => name === positionals[0]);
if (figure === undefined) {
  throw new Error(`there is no figure ${positionals[0]}`);
}
writeSync(EXTRA_DESCRIPTOR, JSON.stringify(await figure.measure({ quick: values.quick })));
