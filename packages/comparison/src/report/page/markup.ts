/** HTML that needs no escaping. */
export interface Markup {
  readonly html: string;
}

/** What a template of {@link markup} may contain; text is escaped, lists are concatenated, `undefined` leaves nothing. */
export type MarkupPart = Markup | string | number | readonly MarkupPart[] | undefined;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes what is inserted into HTML. Parts are allowed as text and in quoted attributes, not in a tag, script or style. */
export function markup(texts: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  const html = texts.map((text, index) => text + (index < parts.length ? render(parts[index]) : '')).join('');
  return { html };
}

/** Marks text as HTML; it must come from this program and contain only escaped parts. */
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

/** Bidirectional controls are shown as escapes: they could change how a sentence reads. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) =>
      character === '\n' || character === '\t' || character === '\u00ad'
        ? character
        : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}
