import { load, YAMLException } from 'js-yaml';
import { parseJson } from './parse-json.ts';
import { TemplateError } from './template-error.ts';
import { REPEATED_KEY, TEMPLATE_SCHEMA } from './yaml-schema.ts';

/** CloudFormation's own limit for a template body, in characters. */
const TEMPLATE_LENGTH_MAX = 1_048_576;
/** Places at which a text is mended, each with one more reading. */
const MENDINGS_MAX = 1_000;
const MISSED_COMMA = 'missed comma between flow collection entries';
/** More than the lines around have, in any template. */
const INDENTATION = ' '.repeat(100);

/**
 * Reads the text of a template, YAML with short tags or JSON, into plain objects with full function names.
 *
 * SAM reads templates with PyYAML, which takes what YAML forbids: braces that close further left than they were opened, and
 * a lone `-` in a list in brackets. The parser says where it meets one; the text is mended there and read again.
 *
 * @param note - told of a key that stands twice, of which the last counts
 */
export function parseTemplate(text: string, file: string, note?: (what: string) => void): unknown {
  if (text.length > TEMPLATE_LENGTH_MAX) {
    throw new TemplateError(
      file,
      `is longer than the ${TEMPLATE_LENGTH_MAX} characters that CloudFormation takes`,
    );
  }
  const body = text.replace(/^\uFEFF/, '');
  if (body.trimStart().startsWith('{')) {
    try {
      return parseJson(body);
    } catch {
      // YAML may begin with a brace too; its messages name the line.
    }
  }
  let mended = body;
  for (let attempt = 0; attempt <= MENDINGS_MAX; attempt += 1) {
    try {
      return load(mended, { schema: TEMPLATE_SCHEMA });
    } catch (error) {
      if (!(error instanceof YAMLException)) {
        throw error;
      }
      const next = mend(mended, error, note);
      if (next === undefined) {
        const { line = 0, column = 0 } = error.mark ?? {};
        const where = error.mark === undefined ? '' : ` at line ${line + 1}, column ${column + 1}`;
        // The parser's own error holds the whole text.
        throw new TemplateError(file, `${error.reason}${where}`);
      }
      mended = next;
    }
  }
  throw new TemplateError(file, `is no YAML: it has more than ${MENDINGS_MAX} places that must be mended`);
}

/** Makes the one change after which the parser gets further; undefined where PyYAML would refuse the text, too. */
function mend(
  text: string,
  { reason, mark }: YAMLException,
  note: ((what: string) => void) | undefined,
): string | undefined {
  if (mark === undefined) {
    return undefined;
  }
  const at = mark.position;
  const insert = (position: number, part: string): string =>
    `${text.slice(0, position)}${part}${text.slice(position)}`;
  if (reason === 'deficient indentation' && !text.startsWith(INDENTATION, at - INDENTATION.length)) {
    return insert(at, INDENTATION);
  }
  if (reason === MISSED_COMMA && /^-[,\]}]/.test(text.slice(at, at + 2))) {
    return `${text.slice(0, at)}"-"${text.slice(at + 1)}`;
  }
  if (reason === 'duplicated mapping key') {
    const start = /["']/.test(text.charAt(at)) ? at + 1 : at;
    const key = /^[^:'"\n]*/.exec(text.slice(start))?.[0].trim() ?? '';
    note?.(`the key ${key} stands twice, again at line ${mark.line + 1}: the last one counts`);
    return insert(start, REPEATED_KEY);
  }
  return undefined;
}
