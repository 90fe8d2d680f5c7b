export { createAggregateReader } from './aggregate-reader.ts';
export { createRoundOpener } from './round-opener.ts';
export { createRoundSettler } from './round-settler.ts';
