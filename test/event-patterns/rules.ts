import type { Choices } from './choices.ts';

/** A rule as JSON, and values as JSON that match it, nearly match it, or nearly do not. */
export interface Rule {
  readonly text: string;
  readonly near: readonly [string, ...string[]];
}

type Texts = readonly [string, ...string[]];

/** Short, so that they meet; with letters whose upper and lower case differ in length, and some of several UTF-16 code units. */
const texts: Texts = [
  'a',
  '',
  'A',
  'ab',
  'aB',
  'abc',
  'b',
  'ba',
  'null',
  'true',
  '1',
  '1.0',
  'ä',
  'Äb',
  'ß',
  'ss',
  'SS',
  'k',
  '\u212a',
  '\u0130',
  'i\u0307',
  '\u01c5',
  '\u01c4',
  '\ufb01',
  'FI',
  '\u03c2',
  '\u03a3',
  '😀',
  'a😀',
  '??',
  'a??',
  '"',
  '\\',
  'a.b',
  'a:',
  '$or',
  '^a$',
  '[a-b]+',
  '10.0.0.1',
  '010.0.0.1',
  '10.0.0.255',
  '10.0.0.9',
  '::1',
  '0:0:0:0:0:0:0:1',
  '0:0::0001',
  '::ffff:a00:1',
  'fe80::A',
  'FE80:0::a',
  '::',
  '1:2:3:4:5:6:7::',
  '1:2:3:4:5:6:7:0',
  '12:30',
  ':',
];

/** Some of one value in several spellings; some at the limits of what a double says exactly, or beyond. */
const numbers: Texts = [
  '1',
  '0',
  '-0',
  '0.0',
  '1.0',
  '1e0',
  '10e-1',
  '0.1E+1',
  '-1',
  '-1.00',
  '2',
  '10',
  '1e1',
  '300',
  '300.0',
  '3.0e2',
  '0.1',
  '1e-1',
  '0.10000000000000000',
  '0.1000000000000000055511151231257827',
  '5e9',
  '5000000000.000001',
  '5000000001',
  '-5e9',
  '123456789012',
  '9007199254740992',
  '9007199254740993',
  '12345678901234567890',
  '1e19',
  '10000000000000000000',
  '1e300',
  '-1e300',
  '1e308',
  '1e309',
  '-1e400',
  '1e-7',
  '0.0000001',
  '1e-300',
  '1e-400',
  '0e-400',
];

/** Not accepted, by event-ruler or by Lambda. */
const refused: Texts = [
  '{}',
  '[]',
  '["a"]',
  '{"exists":1}',
  '{"exists":"true"}',
  '{"exists":true,"exists":true}',
  '{"prefix":1}',
  '{"prefix":["a"]}',
  '{"prefix":{}}',
  '{"prefix":{"prefix":"a"}}',
  '{"prefix":{"equals-ignore-case":1}}',
  '{"prefix":"a","suffix":"b"}',
  '{"suffix":null}',
  '{"suffix":{"suffix":"a"}}',
  '{"suffix":{"equals-ignore-case":"a","equals-ignore-case":"b"}}',
  '{"equals-ignore-case":["a"]}',
  '{"equals-ignore-case":5}',
  '{"anything-but":[]}',
  '{"anything-but":["a",1]}',
  '{"anything-but":null}',
  '{"anything-but":[true]}',
  '{"anything-but":[["a"]]}',
  '{"anything-but":9007199254740993}',
  '{"anything-but":[1,1e400]}',
  '{"numeric":5}',
  '{"numeric":[]}',
  '{"numeric":["="]}',
  '{"numeric":["=","1"]}',
  '{"numeric":["=",null]}',
  '{"numeric":["=",9007199254740993]}',
  '{"numeric":["!=",1]}',
  '{"numeric":[1,"<"]}',
  '{"numeric":["=",1,"<",2]}',
  '{"numeric":["<",1,">",0]}',
  '{"numeric":[">",0,">",1]}',
  '{"numeric":[">",1,"<"]}',
  '{"numeric":[">",1,"<=",1]}',
  '{"numeric":[">=",1.0,"<=",1]}',
  '{"numeric":[">",2,"<",1]}',
  '{"numeric":[">",0,"<",1,"<",2]}',
  '{"toString":"a"}',
  '{"Prefix":"a"}',
  '{"wildcard":"a*"}',
  '{"cidr":"10.0.0.0/8"}',
  '{"exactly":"a"}',
  '{"anything-but":{"prefix":"a"}}',
  '{"anything-but":{"suffix":["a"]}}',
  '{"anything-but":{"equals-ignore-case":"a"}}',
  '{"anything-but":{"wildcard":"a*"}}',
];

const kinds = [
  textRule,
  numberRule,
  wordRule,
  existsRule,
  numericRule,
  anythingButTextsRule,
  anythingButNumbersRule,
  prefixRule,
  suffixRule,
  ignoreCaseRule,
] as const;

/** One rule; in one of a hundred cases it is not valid. */
export function drawRule(choices: Choices): Rule {
  return choices.below(400) === 399
    ? { text: choices.pick(refused), near: ['"a"'] }
    : choices.pick(kinds)(choices);
}

/** Any value that is no list and no object, as JSON. */
export function drawValue(choices: Choices): string {
  return choices.pick([drawText, drawNumber, drawWord])(choices);
}

function drawText(choices: Choices): string {
  return JSON.stringify(choices.pick(texts));
}

/** One of the list, or a decimal of at most 15 digits, which every Java writes in its shortest form. */
function drawNumber(choices: Choices): string {
  if (!choices.chance(25)) {
    return choices.pick(numbers);
  }
  const sign = choices.pick(['', '-']);
  const fraction = choices.pick(['', `.${choices.below(1_000)}`, `.${choices.below(65_536)}00`]);
  const exponent = choices.pick(['', `e${choices.below(10)}`, `E-${choices.below(10)}`]);
  return `${sign}${choices.below(65_536)}${fraction}${exponent}`;
}

function drawWord(choices: Choices): string {
  return choices.pick(['null', 'true', 'false']);
}

function textRule(choices: Choices): Rule {
  const text = choices.pick(texts);
  return { text: JSON.stringify(text), near: nearText(text, choices) };
}

function numberRule(choices: Choices): Rule {
  const text = drawNumber(choices);
  return { text, near: nearNumber(text, choices) };
}

function wordRule(choices: Choices): Rule {
  const text = drawWord(choices);
  return { text, near: [text, text, `"${text}"`, drawWord(choices)] };
}

function existsRule(choices: Choices): Rule {
  return {
    text: `{"exists":${choices.pick(['true', 'false'])}}`,
    near: [drawValue(choices), 'null', '[]', '{}'],
  };
}

function numericRule(choices: Choices): Rule {
  const low = drawNumber(choices);
  if (choices.chance(60)) {
    const sign = choices.pick(['=', '<', '<=', '>', '>=']);
    return {
      text: `{"numeric":["${sign}",${low}]}`,
      near: [...nearNumber(low, choices), drawNumber(choices)],
    };
  }
  const high = drawNumber(choices);
  const [from, to] = Number(low) < Number(high) ? [low, high] : [high, low];
  return {
    text: `{"numeric":["${choices.pick(['>', '>='])}",${from},"${choices.pick(['<', '<='])}",${to}]}`,
    near: [
      from,
      to,
      between(from, to),
      between(from, to),
      ...nearNumber(from, choices),
      ...nearNumber(to, choices),
    ],
  };
}

/** A number of few digits in the middle, or one that is not there where the middle has many. */
function between(low: string, high: string): string {
  const middle = (Number(low) + Number(high)) / 2;
  return Math.abs(middle) < 1e14 ? String(Number(middle.toPrecision(10))) : '2';
}

function anythingButTextsRule(choices: Choices): Rule {
  const values = listOf(choices, drawText);
  const operand = values.length === 1 && choices.chance(50) ? values[0] : `[${values.join()}]`;
  return { text: `{"anything-but":${operand}}`, near: [drawText(choices), drawValue(choices), ...values] };
}

function anythingButNumbersRule(choices: Choices): Rule {
  const values = listOf(choices, drawNumber);
  const operand = values.length === 1 && choices.chance(50) ? values[0] : `[${values.join()}]`;
  const near = values.flatMap((value) => nearNumber(value, choices));
  return { text: `{"anything-but":${operand}}`, near: [drawNumber(choices), drawValue(choices), ...near] };
}

function prefixRule(choices: Choices): Rule {
  const text = choices.pick(texts);
  return {
    text: `{"prefix":${choices.pick([JSON.stringify(text), ignoring(text)])}}`,
    near: [JSON.stringify(`${text}${choices.pick(texts)}`), ...nearText(text, choices)],
  };
}

function suffixRule(choices: Choices): Rule {
  const text = choices.pick(texts);
  return {
    text: `{"suffix":${choices.pick([JSON.stringify(text), ignoring(text)])}}`,
    near: [JSON.stringify(`${choices.pick(texts)}${text}`), ...nearText(text, choices)],
  };
}

function ignoreCaseRule(choices: Choices): Rule {
  const text = choices.pick(texts);
  return { text: ignoring(text), near: nearText(text, choices) };
}

function ignoring(text: string): string {
  return JSON.stringify({ 'equals-ignore-case': text });
}

function nearText(text: string, choices: Choices): [string, ...string[]] {
  const [first, ...others] = [
    text,
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    `${text}a`,
    `a${text}`,
    choices.pick(texts),
    [...text].map(() => '??').join(''),
  ].map((near) => JSON.stringify(near));
  return [first ?? '""', ...others, '1'];
}

/** The number in other spellings, and others that are close to it. */
function nearNumber(text: string, choices: Choices): [string, ...string[]] {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const decimals = mantissa.includes('.') ? `${mantissa}0` : `${mantissa}.0`;
  return [
    text,
    text,
    `${mantissa}e${exponent}`,
    `${decimals}e${exponent}`,
    `${decimals}E${exponent}`,
    `${decimals}0000000000000001e${exponent}`,
    `"${text}"`,
    drawNumber(choices),
  ];
}

function listOf(choices: Choices, draw: (choices: Choices) => string): string[] {
  return Array.from({ length: 1 + choices.below(3) }, () => draw(choices));
}
