/**
 * Goal: the rooms of the code stay as docs/architecture.md draws them.
 * Method: all imports are followed, types and tests included, and held against the order of the rooms.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { arrowsOf, linesOf, readStructure, rooms, root, type Structure, sharesOf } from './rooms.ts';

/** No room may hold so large a part of all lines, in percent. */
const ROOM_PERCENT_MAX = 30;
/** A drawn share may be older than the code by so much, in percentage points. */
const SHARE_PERCENT_OFF_MAX = 2;

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
    const large = [...sharesOf(structure.files)].filter(([, share]) => share > ROOM_PERCENT_MAX);
    expect(large).toEqual([]);
  });

  describe('is drawn in docs/architecture.md as it is (npm run architecture draws it anew)', () => {
    const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

    it('with every arrow', () => {
      const drawn = page.split('\n').filter((line) => line.includes(' --> '));
      expect(drawn.map((line) => line.trim())).toEqual(arrowsOf(structure.files));
    });

    it('with every room and its share', () => {
      const drawn = [...page.matchAll(/^ {2}([\w-]+)\["[\w-]+<br\/>(\d+) %"\]$/gm)];
      expect(drawn.map(([, room]) => room)).toEqual(rooms);
      const shares = sharesOf(structure.files);
      for (const [, room = '', share] of drawn) {
        expect(Math.abs(Number(share) - (shares.get(room) ?? 0)), room).toBeLessThan(SHARE_PERCENT_OFF_MAX);
      }
    });

    it('and says of each room what it is for', () => {
      const described = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, room]) => room);
      expect(described).toEqual(rooms);
    });
  });
});
