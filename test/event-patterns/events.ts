import type { Choices } from './choices.ts';
import type { PatternFields, PatternPart } from './patterns.ts';
import { drawValue, type Rule } from './rules.ts';

/** JSON text, a list, or an object without a key twice: which of two counts is not the pattern's concern. */
type EventPart = string | readonly EventPart[] | ReadonlyMap<string, EventPart>;

/**
 * An event, as JSON, that nearly matches the pattern: values that rules ask for or nearly ask for, under the fields' names, some
 * missing, some in arrays, some of one object in different elements of an array.
 */
export function drawEvent(pattern: PatternFields, choices: Choices): string {
  const event = objectFor(pattern, choices);
  return eventText(choices.chance(10) ? inArray([pattern], event, choices) : event);
}

function objectFor(pattern: PatternFields, choices: Choices): ReadonlyMap<string, EventPart> {
  const event = new Map<string, EventPart>();
  addFields(event, pattern, choices);
  if (choices.chance(5)) {
    event.set('other', drawValue(choices));
  }
  return event;
}

function addFields(event: Map<string, EventPart>, pattern: PatternFields, choices: Choices): void {
  for (const [name, part] of pattern.fields) {
    if ('alternatives' in part) {
      const chosen = part.alternatives[choices.below(part.alternatives.length)];
      for (const alternative of choices.chance(30) ? part.alternatives : [chosen ?? { fields: [] }]) {
        addFields(event, alternative, choices);
      }
    } else if (!choices.chance(8)) {
      addField(event, name, part, choices);
    }
  }
}

function addField(
  event: Map<string, EventPart>,
  name: string,
  part: Exclude<PatternPart, { readonly alternatives: unknown }>,
  choices: Choices,
): void {
  const steps = name.split('.');
  if ('rules' in part) {
    place(event, steps, valueFor(part.rules, choices), choices);
    return;
  }
  const inner = objectFor(part, choices);
  if (choices.chance(10)) {
    for (const [key, value] of inner) {
      place(event, [...steps, key], value, choices);
    }
    return;
  }
  place(event, steps, choices.chance(30) ? inArray([part], inner, choices) : inner, choices);
}

/** Puts a value under its names, each a key of its own or several joined to one; what is there already stays beside it. */
function place(
  event: Map<string, EventPart>,
  steps: readonly string[],
  value: EventPart,
  choices: Choices,
): void {
  const [step = '', ...rest] = steps;
  if (rest.length === 0 || choices.chance(30)) {
    const key = steps.join('.');
    const existing = event.get(key);
    event.set(key, isObject(existing) && isObject(value) ? new Map([...existing, ...value]) : value);
    return;
  }
  const existing = event.get(step);
  const inner = new Map(isObject(existing) ? existing : []);
  place(inner, rest, value, choices);
  event.set(step, inner);
}

function valueFor(rules: readonly Rule[], choices: Choices): EventPart {
  const rule = rules[choices.below(Math.max(rules.length, 1))];
  const value = rule === undefined || choices.chance(5) ? drawValue(choices) : choices.pick(rule.near);
  if (!choices.chance(15)) {
    return value;
  }
  const list = [value, ...Array.from({ length: choices.below(3) }, () => drawValue(choices))];
  return choices.chance(20) ? [list, drawValue(choices)] : list;
}

/** An array with the object, or with its fields in several elements, and with other near matches. */
function inArray(
  [pattern]: readonly [PatternFields],
  object: ReadonlyMap<string, EventPart>,
  choices: Choices,
): EventPart {
  const elements: EventPart[] = choices.chance(40) ? [...object].map((entry) => new Map([entry])) : [object];
  for (let count = choices.below(3); count > 0; count -= 1) {
    elements.splice(choices.below(elements.length + 1), 0, objectFor(pattern, choices));
  }
  if (choices.chance(10)) {
    elements.push(drawValue(choices));
  }
  return choices.chance(20) ? [elements, ...elements.slice(1)] : elements;
}

function isObject(part: EventPart | undefined): part is ReadonlyMap<string, EventPart> {
  return part instanceof Map;
}

function eventText(part: EventPart): string {
  if (typeof part === 'string') {
    return part;
  }
  if (isObject(part)) {
    return `{${[...part].map(([key, value]) => `${JSON.stringify(key)}:${eventText(value)}`).join()}}`;
  }
  return `[${part.map(eventText).join()}]`;
}
