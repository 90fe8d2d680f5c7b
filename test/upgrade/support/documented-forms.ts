import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../template/project-template.ts';
import type { StoredItem } from './stored-items.ts';

/** A stored form as docs/stored-forms.md has it. */
export interface DocumentedForm extends StoredItem {
  readonly title: string;
  /** Attributes that the named release does not write. */
  readonly newer: ReadonlyMap<string, readonly string[]>;
  /** Releases that do not write the form at all. */
  readonly absentIn: readonly string[];
}

const SECTION = /^### (.+)\n([\s\S]*?)^```json\n([\s\S]*?)^```/gm;

/** Reads the examples: a heading, "In `<table>`", and the item as JSON. */
export function documentedForms(): readonly DocumentedForm[] {
  const text = readFileSync(join(root, 'docs/stored-forms.md'), 'utf8');
  return [...text.matchAll(SECTION)].map(([, title = '', prose = '', json = '']) => {
    const table = /In `(\w+)`/.exec(prose)?.[1];
    if (table === undefined) {
      throw new Error(`docs/stored-forms.md: ${title}: no sentence says in which table it is`);
    }
    const newer = [...prose.matchAll(/Not in ([\d.]+\d): ((?:`\w+`(?:, )?)+)/g)].map(
      ([, release = '', names = '']) => [release, [...names.matchAll(/\w+/g)].map(([name]) => name)] as const,
    );
    const absentIn = [...prose.matchAll(/Not in ([\d.]+\d)\.(?!\d)/g)].map(([, release = '']) => release);
    return { title, table, item: JSON.parse(json), newer: new Map(newer), absentIn };
  });
}

/**
 * Says what kind of item it is: its table, the names and types of its attributes, and the version mark of each text.
 *
 * Two items of one form differ in what they are about only.
 */
export function shapeOf({ table, item }: StoredItem): string {
  const attributes = Object.entries(item)
    .map(([name, value]) => `${name}:${Object.keys(value).join()}:${markOf(value['S'])}`)
    .toSorted();
  return `${table} ${attributes.join(' ')}`;
}

function markOf(text: string | undefined): string {
  if (text === undefined) {
    return '';
  }
  const kinds: readonly [string, RegExp][] = [
    ['shard start', /^v2#[^#]+#[^#]+#[^#]+#[^#]+#start$/],
    ['range', /^v2#[^#]+#[^#]+#[^#]+#[^#]+#range#[\d.]+$/],
    ['place in a shard', /^v2#[^#]+#[^#]+#[^#]+#[^#]+#[\d.]+$/],
    ['identity', /^v2#[^#]+#[^#]+#[^#]+#[^#]+$/],
    ['moved', /^taken over by v2#/],
    ['position', /^\d{129}\.\d{10}$/],
    ['start', /^0{129}$/],
    ['recount', /^:\d+:/],
    ['batch name', /^[\w-]{36}$/],
    ['history', /^\d{1,16}:[\w-]{8}:[\da-z]{1,84}:\d{1,10}:[\w-]{12}$/],
    ['object', /^\{.*\}$/],
    ['list', /^\[.*\]$/],
    ['former key', /^(?:state|map|reduce)#/],
  ];
  return kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? 'text';
}
