/** HTML that needs no escaping. */
export interface Html {
  readonly html: string;
}

/** What may stand in a template of {@link html}: text is escaped, lists are joined, `undefined` and `false` leave nothing. */
export type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes HTML; what is inserted as text is escaped, for text and for quoted attributes. */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return {
    html: texts.map((text, index) => text + (index < parts.length ? htmlOf(parts[index]) : '')).join(''),
  };
}

/** Takes text for HTML: it must be of this program and contain no input that is not escaped. */
export function trusted(text: string): Html {
  return { html: text };
}

function htmlOf(part: HtmlPart): string {
  if (part === undefined || part === false) {
    return '';
  }
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
  }
  return 'html' in part ? part.html : part.map(htmlOf).join('');
}
