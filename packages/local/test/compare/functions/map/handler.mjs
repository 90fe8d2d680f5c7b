/** The function itself, from its sources: a cell's process runs it without a bundle, so that no test depends on a build. */
export { handler } from '../../../../../../services/map/src/handler.ts';
