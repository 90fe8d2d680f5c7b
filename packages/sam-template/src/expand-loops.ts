import { TemplateError } from './template-error.ts';
import { Unknown } from './unknown.ts';

/** What begins the key of a loop; the rest is its name. */
const LOOP = 'Fn::ForEach::';
/** Sections that may have loops. */
const SECTIONS = ['Conditions', 'Resources', 'Outputs'];
/** CloudFormation's own limit of loops in each other. */
const DEPTH_MAX = 5;
/** Copies of all loops together: far more than the resources that a template may have. */
const COPIES_MAX = 10_000;
const NESTING_MAX = 100;

/** Values of the loops that a part of the template is in, by the name that each loop gives them. */
type Bindings = ReadonlyMap<string, string>;

/** Says where a template has its first loop; undefined when it has none. */
export function findLoop(document: unknown): string | undefined {
  for (const section of SECTIONS) {
    const found = findIn(sectionOf(document, section), section, 0);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function findIn(value: unknown, place: string, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null || depth > NESTING_MAX) {
    return undefined;
  }
  for (const [key, part] of Object.entries(value)) {
    const found = key.startsWith(LOOP) ? `${place}.${key}` : findIn(part, `${place}.${key}`, depth + 1);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Puts what each loop repeats once in its place, with its names as they are: for what does not depend on them. */
export function flattenLoops(document: unknown): unknown {
  return inSections(document, (section) => flatten(section, 0));
}

function flatten(section: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(section).flatMap(([key, part]): [string, unknown][] => {
      const body = key.startsWith(LOOP) && Array.isArray(part) ? part[2] : undefined;
      return isMap(body) && depth < DEPTH_MAX
        ? Object.entries(flatten(body, depth + 1))
        : key.startsWith(LOOP)
          ? []
          : [[key, part]];
    }),
  );
}

/**
 * Replaces the loops of a template by what they repeat, once for each value.
 *
 * @param compute - computes the list of a loop, which may come from parameters and mappings only
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function expandLoops(document: unknown, compute: (value: unknown, place: string) => unknown): unknown {
  const budget = { copies: 0 };

  const expand = (value: unknown, bindings: Bindings, place: string, depth: number): unknown => {
    if (depth > NESTING_MAX) {
      throw new TemplateError(place, `is nested more than ${NESTING_MAX} levels deep`);
    }
    if (typeof value === 'string') {
      return replaceNames(value, bindings);
    }
    if (Array.isArray(value)) {
      return value.map((part, index) => expand(part, bindings, `${place}.${index}`, depth + 1));
    }
    if (!isMap(value)) {
      return value;
    }
    const { Ref: name, ...others } = value;
    if (typeof name === 'string' && bindings.has(name) && Object.keys(others).length === 0) {
      return bindings.get(name);
    }
    const result: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(value)) {
      const loop = `${place}.${key}`;
      const added = key.startsWith(LOOP)
        ? expandLoop(part, bindings, loop, depth)
        : [[replaceNames(key, bindings), expand(part, bindings, loop, depth + 1)] as const];
      for (const [name, made] of added) {
        if (Object.hasOwn(result, name)) {
          throw new TemplateError(loop, `makes ${name} twice`);
        }
        result[name] = made;
      }
    }
    return result;
  };

  const expandLoop = (
    loop: unknown,
    bindings: Bindings,
    place: string,
    depth: number,
  ): [string, unknown][] => {
    const [name, collection, body] = Array.isArray(loop) && loop.length === 3 ? loop : [];
    if (typeof name !== 'string' || !isMap(body)) {
      throw new TemplateError(place, 'Fn::ForEach takes a name, a list and a map');
    }
    if (bindings.has(name) || bindings.size >= DEPTH_MAX) {
      const problem = bindings.has(name)
        ? `has the name ${name} of a loop around it`
        : `is more than ${DEPTH_MAX} loops deep`;
      throw new TemplateError(place, problem);
    }
    return itemsOf(expand(collection, bindings, place, depth + 1), place).flatMap((item) => {
      budget.copies += 1;
      if (budget.copies > COPIES_MAX) {
        throw new TemplateError(place, `the loops of the template make more than ${COPIES_MAX} copies`);
      }
      const made = expand(body, new Map([...bindings, [name, item]]), place, depth + 1);
      return Object.entries(made as Readonly<Record<string, unknown>>);
    });
  };

  const itemsOf = (collection: unknown, place: string): string[] => {
    const items = compute(collection, place);
    const unknown = Array.isArray(items) ? items.find((item) => item instanceof Unknown) : items;
    if (unknown instanceof Unknown) {
      throw new TemplateError(place, `${unknown.what}; ${unknown.remedy}`);
    }
    if (!Array.isArray(items) || items.some((item) => typeof item === 'object')) {
      throw new TemplateError(place, 'Fn::ForEach takes a list of texts');
    }
    return items.map(String);
  };

  return inSections(
    document,
    (section, name) => expand(section, new Map(), name, 0) as Record<string, unknown>,
  );
}

/** `${Name}` is the value; `&{Name}` is what of it may stand in a logical id. */
function replaceNames(text: string, bindings: Bindings): string {
  return bindings.size === 0
    ? text
    : text.replace(/([$&])\{([a-zA-Z0-9]+)\}/g, (whole, kind: string, name: string) => {
        const value = bindings.get(name);
        return value === undefined ? whole : kind === '&' ? value.replace(/[^a-zA-Z0-9]/g, '') : value;
      });
}

function inSections(
  document: unknown,
  change: (section: Readonly<Record<string, unknown>>, name: string) => Record<string, unknown>,
): unknown {
  if (!isMap(document)) {
    return document;
  }
  return Object.fromEntries(
    Object.entries(document).map(([name, section]) => [
      name,
      SECTIONS.includes(name) && isMap(section) ? change(section, name) : section,
    ]),
  );
}

function sectionOf(document: unknown, name: string): unknown {
  return isMap(document) ? document[name] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
