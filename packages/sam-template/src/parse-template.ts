import { type CollectionTag, parseDocument, type ScalarTag, type Tags } from 'yaml';
import { TemplateError } from './template-error.ts';

/** Functions that have a short form in YAML, such as `!Sub`. */
const SHORT_FORMS = [
  'Fn::And',
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::Equals',
  'Fn::FindInMap',
  'Fn::ForEach',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::If',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Length',
  'Fn::Not',
  'Fn::Or',
  'Fn::Select',
  'Fn::Split',
  'Fn::Sub',
  'Fn::ToJsonString',
  'Fn::Transform',
  'Condition',
  'Ref',
] as const;

/**
 * YAML's plain values as PyYAML reads them, which is what SAM uses: version 1.1, but `y` and `n` are text. What starts
 * with 0 is text too, so that an account id keeps its digits; CloudFormation has no dates.
 */
const PLAIN_VALUES: Tags = [
  'null',
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    test: /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
    resolve: (text: string) => /^(?:y|t|on)/i.test(text),
  },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?(?:0|[1-9][0-9]*)$/,
    resolve: (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  },
  'float',
  'floatExp',
  'merge',
];

/** CloudFormation's own limit for a template body, in characters. */
const TEMPLATE_LENGTH_MAX = 1_048_576;

/**
 * Reads the text of a template, YAML with short tags or JSON, into plain objects with full function names.
 */
export function parseTemplate(text: string, file: string): unknown {
  if (text.length > TEMPLATE_LENGTH_MAX) {
    throw new TemplateError(
      file,
      `is longer than the ${TEMPLATE_LENGTH_MAX} characters that CloudFormation takes`,
    );
  }
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML may begin with a brace too; its messages name the line.
    }
  }
  const document = parseDocument(text, {
    schema: 'failsafe',
    merge: true,
    customTags: [...PLAIN_VALUES, ...SHORT_FORMS.flatMap(shortForms)],
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    throw new TemplateError(file, problem.message);
  }
  return document.toJS();
}

/** One tag for each kind of node that a function may be given. */
function shortForms(name: string): (ScalarTag | CollectionTag)[] {
  const tag = `!${name.replace('Fn::', '')}`;
  return [
    { tag, resolve: (text: string) => ({ [name]: name === 'Fn::GetAtt' ? splitAttribute(text) : text }) },
    { tag, collection: 'seq', resolve: (node) => ({ [name]: (node as { toJSON(): unknown }).toJSON() }) },
    { tag, collection: 'map', resolve: (node) => ({ [name]: (node as { toJSON(): unknown }).toJSON() }) },
  ];
}

/** `!GetAtt Table.Arn` is short for a list of two; an attribute's own name may hold dots. */
function splitAttribute(text: string): string[] {
  const at = text.indexOf('.');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
