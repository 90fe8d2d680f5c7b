export { createAggregateReader } from './aggregate-reader.ts';
export { createRoundOpener } from './round-opener.ts';
export { createVerdictStore } from './verdict-store.ts';
