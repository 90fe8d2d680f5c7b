/** What begins a comment that says what the code before it is equal to. */
const MARK = '// => ';

const ASSERT = "import { deepStrictEqual as expectEqual } from 'node:assert/strict';";

/**
 * Makes an example check what it says.
 *
 * `expression; // => value` must be deeply equal to the value, which is an expression too. Behind a declaration
 * (`const name = …; // => value`) it is the name that must be. The comment may be on the next line. The code keeps
 * its lines.
 *
 * @param code - typeScript in which no statement with a comment runs over several lines
 * @returns the code that runs, and how many values it checks
 */
export function checkExpectedValues(code: string): { readonly code: string; readonly checks: number } {
  const lines = code.split('\n');
  let checks = 0;
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf(MARK);
    if (at < 0) {
      continue;
    }
    const before = line.slice(0, at).trim();
    const value = line.slice(at + MARK.length);
    const isBelow = before === '';
    const statement = (isBelow ? (lines[index - 1] ?? '') : before).trim().replace(/;$/, '');
    const name = /^(?:export )?(?:const|let) (\w+)/.exec(statement)?.[1];
    if (name !== undefined) {
      lines[index] = `${isBelow ? '' : before} expectEqual(${name}, (${value}));`;
    } else {
      if (isBelow) {
        lines[index - 1] = '';
      }
      lines[index] = `expectEqual((${statement}), (${value}));`;
    }
    checks += 1;
  }
  // An import may be anywhere; on the last line it moves no other line.
  return { code: checks === 0 ? code : `${lines.join('\n')}${ASSERT}\n`, checks };
}
