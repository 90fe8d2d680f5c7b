export { createTables } from './create-tables.ts';
export { descendantsOf, untilGone } from './descendants.ts';
export { hasProgram } from './has-program.ts';
