/** HTML that may be put into a page as it is. */
export interface Markup {
  readonly html: string;
}

/** What can stand in a template of {@link markup}; text is escaped, nothing else is. */
export type MarkupPart = Markup | string | number | readonly MarkupPart[] | undefined;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Writes HTML; whatever is put into it is escaped, unless it is HTML itself.
 *
 * Parts may stand where text stands and inside quoted attributes; not in a tag, a script or a style.
 *
 * @param texts - the HTML between the parts, from the source alone
 * @param parts - what is put in; lists are put in one after the other, `undefined` leaves nothing
 * @returns the whole
 */
export function markup(texts: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  const html = texts.map((text, index) => text + (index < parts.length ? render(parts[index]) : '')).join('');
  return { html };
}

/**
 * Takes text for HTML.
 *
 * @param html - text that was made by this program from nothing but escaped parts
 * @returns the same, to be put into {@link markup} as it is
 */
export function trustMarkup(html: string): Markup {
  return { html };
}

function render(part: MarkupPart): string {
  if (part === undefined) {
    return '';
  }
  if (typeof part === 'string') {
    return escapeText(part);
  }
  if (typeof part === 'number') {
    return String(part);
  }
  return 'html' in part ? part.html : part.map(render).join('');
}

/** Bidirectional controls are shown as what they are: they could make a sentence read otherwise than it stands. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) =>
      character === '\n' || character === '\t' || character === '\u00ad'
        ? character
        : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}
