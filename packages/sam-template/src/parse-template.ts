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
  const insertions: Insertion[] = [];
  for (let attempt = 0; attempt <= MENDINGS_MAX; attempt += 1) {
    try {
      return load(mended, { schema: TEMPLATE_SCHEMA });
    } catch (error) {
      if (!(error instanceof YAMLException)) {
        throw error;
      }
      const next = mend(mended, error, note);
      if (next === undefined) {
        const where =
          error.mark === undefined
            ? ''
            : ` at ${placeIn(body, beforeMending(error.mark.position, insertions))}`;
        // The parser's own error holds the whole text.
        throw new TemplateError(file, `${error.reason}${where}`);
      }
      insertions.push(next);
      mended = `${mended.slice(0, next.at)}${next.part}${mended.slice(next.at + next.replaced)}`;
    }
  }
  throw new TemplateError(file, `is no YAML: it has more than ${MENDINGS_MAX} places that must be mended`);
}

interface Insertion {
  readonly at: number;
  readonly part: string;
  /** How many characters it takes the place of. */
  readonly replaced: number;
}

/** Where a position of the mended text is in the text as it was given. */
function beforeMending(position: number, insertions: readonly Insertion[]): number {
  return insertions.reduceRight((found, { at, part, replaced }) => {
    const end = at + part.length;
    return found >= end ? found - part.length + replaced : Math.min(found, at);
  }, position);
}

function placeIn(text: string, position: number): string {
  const lines = text.slice(0, position).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** Finds the one change after which the parser gets further; undefined where PyYAML would refuse the text, too. */
function mend(
  text: string,
  { reason, mark }: YAMLException,
  note: ((what: string) => void) | undefined,
): Insertion | undefined {
  if (mark === undefined) {
    return undefined;
  }
  const at = mark.position;
  if (reason === 'deficient indentation' && !text.startsWith(INDENTATION, at - INDENTATION.length)) {
    return { at, part: INDENTATION, replaced: 0 };
  }
  if (reason === MISSED_COMMA && /^-[,\]}]/.test(text.slice(at, at + 2))) {
    return { at, part: '"-"', replaced: 1 };
  }
  if (reason === 'duplicated mapping key') {
    const start = /["']/.test(text.charAt(at)) ? at + 1 : at;
    const key = /^[^:'"\n]*/.exec(text.slice(start))?.[0].trim() ?? '';
    note?.(`the key ${key} stands twice, again at line ${mark.line + 1}: the last one counts`);
    return { at: start, part: REPEATED_KEY, replaced: 0 };
  }
  return undefined;
}
