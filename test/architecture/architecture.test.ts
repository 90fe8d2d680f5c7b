/**
 * Goal: the rooms of the code stay as docs/architecture.md draws them.
 * Method: all imports are followed, types and tests included, and held against the order of the rooms.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { arrowsOf, linesOf, readStructure, rooms, root, type Structure } from './rooms.ts';

/** No room may hold so large a part of all lines, in percent. */
const ROOM_PERCENT_MAX = 30;

describe('architecture', () => {
  let structure: Structure;
  beforeAll(async () => {
    structure = await readStructure();
  });

  it('is seen: every room, with files that import each other', () => {
    expect(structure.files.length).toBeGreaterThan(300);
    expect([...linesOf(structure.files).values()].every((lines) => lines > 0)).toBe(true);
    expect(new Set(structure.files.map(({ room }) => room))).toEqual(new Set(rooms));
    expect(structure.files.flatMap(({ imports }) => imports).length).toBeGreaterThan(800);
  });

  it('has arrows that point down, no circles, and packages that are imported by name', () => {
    expect(structure.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  it('has no room that holds the house', () => {
    const lines = linesOf(structure.files);
    const total = [...lines.values()].reduce((sum, count) => sum + count, 0);
    const large = [...lines].filter(([, count]) => (count / total) * 100 > ROOM_PERCENT_MAX);
    expect(large).toEqual([]);
  });

  it('is drawn in docs/architecture.md as it is', () => {
    const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
    const drawn = page
      .split('\n')
      .filter((line) => line.includes(' --> '))
      .map((line) => line.trim());
    expect(drawn, 'npm run architecture draws it anew').toEqual(arrowsOf(structure.files));
  });
});
