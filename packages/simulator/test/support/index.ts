export type { Page, PageOptions } from './chromium.ts';
export { describeInChromium } from './describe-in-chromium.ts';
