import {
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  type Schema,
} from 'js-yaml';

/** Marks a key that stands twice in the text; see `parse-template.ts`. */
export const REPEATED_KEY = '\uE000';

const identify = (): boolean => false;

/**
 * YAML's plain values as PyYAML reads them, which is what SAM uses, with four exceptions: what starts with 0 is text, so that
 * an account id keeps its digits; so are dates and times such as `12:30`, of which CloudFormation has none; and so are
 * numbers that JavaScript cannot hold.
 */
const bool = defineScalarTag('tag:yaml.org,2002:bool', {
  implicit: true,
  identify,
  resolve: (text) =>
    /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/.test(text)
      ? /^(?:y|t|on)/i.test(text)
      : NOT_RESOLVED,
});
const int = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  identify,
  resolve(text) {
    const isDecimal = /^[-+]?(?:0|[1-9][0-9_]*)$/.test(text);
    const isOther = /^[-+]?0(?:x[0-9a-fA-F_]+|b[01_]+)$/.test(text);
    if (!isDecimal && !isOther) {
      return NOT_RESOLVED;
    }
    const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
    const value = Number(digits) * (text.startsWith('-') ? -1 : 1);
    return Number.isSafeInteger(value) ? value : NOT_RESOLVED;
  },
});
const float = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  identify,
  resolve(text) {
    if (!/^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/.test(text)) {
      return NOT_RESOLVED;
    }
    const value = Number(text.replaceAll('_', ''));
    return Number.isInteger(value) ? wholeFloat(value) : value;
  },
});

/** PyYAML keeps the version 1.0 apart from the number 1: it is 1.0 in a variable, too. */
function wholeFloat(value: number): string | typeof NOT_RESOLVED {
  return Number.isSafeInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : NOT_RESOLVED;
}

type Carrier = Record<string, unknown>;

/** The last of two equal keys counts, as in PyYAML. */
function setKey(map: Carrier, key: unknown, value: unknown): string {
  if (typeof key === 'object' && key !== null) {
    return 'a key must be text';
  }
  const name = String(key).replaceAll(REPEATED_KEY, '');
  Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
  return '';
}

const map = defineMappingTag<Carrier>('tag:yaml.org,2002:map', {
  identify,
  create: () => ({}),
  addPair: setKey,
  has: (carrier, key) => Object.hasOwn(carrier, String(key)),
  keys: (result) => Object.keys(result),
  get: (result, key) => result[String(key)],
});

/** `!GetAtt Table.Arn` is short for `Fn::GetAtt: [Table, Arn]`. */
function functionName(tag: string): string {
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

function splitAttribute(text: string): string[] {
  const at = text.indexOf('.');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

const shortForms = [
  defineScalarTag('!', {
    matchByTagPrefix: true,
    identify,
    resolve: (text, _isExplicit, tag) => ({
      [functionName(tag)]: tag === '!GetAtt' ? splitAttribute(text) : text,
    }),
  }),
  defineSequenceTag<{ tag: string; items: unknown[] }, Carrier>('!', {
    matchByTagPrefix: true,
    identify,
    create: (tag) => ({ tag, items: [] }),
    addItem: ({ items }, item) => {
      items.push(item);
    },
    finalize: ({ tag, items }) => ({ [functionName(tag)]: items }),
  }),
  defineMappingTag<{ tag: string; map: Carrier }, Carrier>('!', {
    matchByTagPrefix: true,
    identify,
    create: (tag) => ({ tag, map: {} }),
    addPair: (carrier, key, value) => setKey(carrier.map, key, value),
    has: (carrier, key) => Object.hasOwn(carrier.map, String(key)),
    keys: () => [],
    get: () => undefined,
    finalize: ({ tag, map: found }) => ({ [functionName(tag)]: found }),
  }),
];

/** How the YAML of a template is read: as PyYAML does, with a tag for each function. */
export const TEMPLATE_SCHEMA: Schema = FAILSAFE_SCHEMA.withTags(
  nullYaml11Tag,
  bool,
  int,
  float,
  mergeTag,
  map,
  shortForms,
);
