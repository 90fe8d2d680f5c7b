export { powertools } from './powertools.ts';
