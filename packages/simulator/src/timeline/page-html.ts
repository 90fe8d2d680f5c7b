import { type Html, html, trusted } from './html.ts';
import { styleSheet } from './style-sheet.ts';

/** Nothing may be fetched: what the page shows is in it. */
const SELF_CONTAINED =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/**
 * One self-contained document.
 *
 * @param options.script - compiled; it must not contain the end tag of a script
 * @param options.policy - content security policy; by default one under which nothing is fetched
 */
export function pageHtml(options: {
  readonly title: string;
  readonly styles?: string | undefined;
  readonly body: Html;
  readonly script: string;
  readonly policy?: string;
}): string {
  const { title, styles = '', body, script, policy = SELF_CONTAINED } = options;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(styleSheet + styles)}</style>
</head>
<body>
${body}
<script>${trusted(script.replaceAll(/<\/(script)/gi, '<\\/$1'))}</script>
</body>
</html>
`;
  return page.html;
}

/** Data for a script of the page, as JSON that no parser of HTML takes for a tag. */
export function dataHtml(id: string, data: unknown): Html {
  const text = JSON.stringify(data).replaceAll('<', '\\u003c');
  return html`<script type="application/json" id="${id}">${trusted(text)}</script>`;
}
