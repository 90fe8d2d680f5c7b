/** What other pages are made with, so that all of them look alike: markup, document, script. */
export { compileScript } from './compile-script.ts';
export { type Html, html } from './html.ts';
export { pageHtml } from './page-html.ts';
