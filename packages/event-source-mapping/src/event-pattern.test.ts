// Goal: each operator that Lambda documents for filters, and each form that it refuses. Method: examples, most of them
// the documentation's own.
import { describe, expect, it } from 'vitest';
import { compilePattern } from './event-pattern.ts';
import { parseWithNumberText } from './json-with-number-text.ts';
import { PatternError } from './pattern-error.ts';

describe('compilePattern', () => {
  it.each([
    ['null', '{"UserID":[null]}', '{"UserID":null}', '{"UserID":"null"}'],
    ['null, not absent', '{"UserID":[null]}', '{"UserID":null}', '{}'],
    ['empty', '{"LastName":[""]}', '{"LastName":""}', '{"LastName":" "}'],
    ['equals', '{"Name":["Alice"]}', '{"Name":"Alice"}', '{"Name":"alice"}'],
    ['equals (true)', '{"On":[true]}', '{"On":true}', '{"On":"true"}'],
    ['ignore case', '{"Name":[{"equals-ignore-case":"alice"}]}', '{"Name":"ALICE"}', '{"Name":"Alic"}'],
    ['and', '{"A":["x"],"B":["y"]}', '{"A":"x","B":"y"}', '{"A":"x","B":"z"}'],
    ['or', '{"A":["x","y"]}', '{"A":"y"}', '{"A":"z"}'],
    ['or (fields)', '{"$or":[{"A":["x"]},{"B":["y"]}]}', '{"A":"q","B":"y"}', '{"A":"q","B":"q"}'],
    ['or and and', '{"C":["1"],"$or":[{"A":["x"]},{"B":["y"]}]}', '{"C":"1","A":"x"}', '{"C":"2","A":"x"}'],
    ['not', '{"W":[{"anything-but":["Raining"]}]}', '{"W":"Dry"}', '{"W":"Raining"}'],
    ['not (one value)', '{"W":[{"anything-but":"Raining"}]}', '{"W":null}', '{"W":"Raining"}'],
    ['not, where absent', '{"W":[{"anything-but":["Raining"]}]}', '{"W":"x"}', '{}'],
    ['not (number)', '{"W":[{"anything-but":[5]}]}', '{"W":6}', '{"W":5}'],
    ['numeric (equals)', '{"P":[{"numeric":["=",100]}]}', '{"P":1e2}', '{"P":"100"}'],
    ['numeric (range)', '{"P":[{"numeric":[">",10,"<=",20]}]}', '{"P":20}', '{"P":10}'],
    ['numeric (below)', '{"P":[{"numeric":["<",0]}]}', '{"P":-0.5}', '{"P":0}'],
    ['exists', '{"N":[{"exists":true}]}', '{"N":null}', '{"M":1}'],
    ['exists, leaf only', '{"N":[{"exists":true}]}', '{"N":1}', '{"N":{"deeper":1}}'],
    ['does not exist', '{"N":[{"exists":false}]}', '{"M":1}', '{"N":null}'],
    ['does not exist, nor its parent', '{"A":{"N":[{"exists":false}]}}', '{}', '{"A":{"N":1}}'],
    ['begins with', '{"R":[{"prefix":"us-"}]}', '{"R":"us-east-1"}', '{"R":"eu-west-1"}'],
    [
      'begins with, ignore case',
      '{"R":[{"prefix":{"equals-ignore-case":"US-"}}]}',
      '{"R":"us-1"}',
      '{"R":"eu"}',
    ],
    ['ends with', '{"F":[{"suffix":".png"}]}', '{"F":"a.png"}', '{"F":"a.PNG"}'],
    [
      'ends with, ignore case',
      '{"F":[{"suffix":{"equals-ignore-case":".png"}}]}',
      '{"F":"a.PNG"}',
      '{"F":"a.gif"}',
    ],
    ['number', '{"N":[300]}', '{"N":300.0}', '{"N":300.1}'],
    ['number (exponent)', '{"N":[3.0e2]}', '{"N":300}', '{"N":"300"}'],
    ['number, negative', '{"N":[-0.50]}', '{"N":-5e-1}', '{"N":0.5}'],
    ['number, zero', '{"N":[0]}', '{"N":-0.00}', '{"N":0.1}'],
    [
      'number by its text, where no double says it',
      '{"N":[9007199254740993]}',
      '{"N":9007199254740993}',
      '{"N":9007199254740993.0}',
    ],
    ['number of many zeros', '{"N":[10000000000000000000]}', '{"N":1e19}', '{"N":10000000000000000001}'],
    ['number of many zeros, negative', '{"N":[-10000000000000000000]}', '{"N":-1e19}', '{"N":1e19}'],
    ['number beyond all doubles', '{"N":[1e400]}', '{"N":1e400}', '{"N":1e401}'],
    ['number below all doubles', '{"N":[0]}', '{"N":0.000000000000000}', '{"N":1e-400}'],
    ['not (number in another form)', '{"W":[{"anything-but":[5]}]}', '{"W":"5"}', '{"W":5.0}'],
    ['not (number that no double says)', '{"W":[{"anything-but":5}]}', '{"W":1e400}', '{"W":5e0}'],
    ['not (text), for another type', '{"W":[{"anything-but":"5"}]}', '{"W":5}', '{"W":"5"}'],
    ['numeric, that no double says', '{"P":[{"numeric":[">",1]}]}', '{"P":1e300}', '{"P":1e400}'],
    ['numeric, of many digits', '{"P":[{"numeric":[">",1]}]}', '{"P":2}', '{"P":9007199254740993}'],
    ['prefix, with a quotation mark at its end', '{"A":[{"prefix":"x\\""}]}', '{"A":"x"}', '{"A":"xy"}'],
    ['suffix, with a quotation mark in front', '{"A":[{"suffix":"\\"x"}]}', '{"A":"x"}', '{"A":"yx"}'],
    [
      'prefix, with a quotation mark at its end, ignore case',
      '{"A":[{"prefix":{"equals-ignore-case":"x\\""}}]}',
      '{"A":"X"}',
      '{"A":"Xy"}',
    ],
    [
      'suffix, with a quotation mark in front, ignore case',
      '{"A":[{"suffix":{"equals-ignore-case":"\\"x"}}]}',
      '{"A":"X"}',
      '{"A":"yX"}',
    ],
    ['ignore case, letter for letter', '{"A":[{"equals-ignore-case":"ß"}]}', '{"A":"SS"}', '{"A":"ss"}'],
    ['ignore case, not other letters', '{"A":[{"equals-ignore-case":"k"}]}', '{"A":"K"}', '{"A":"\u212a"}'],
    [
      'ignore case, an emoji as question marks',
      '{"A":[{"equals-ignore-case":"😀"}]}',
      '{"A":"??"}',
      '{"A":"😀"}',
    ],
    [
      'ignore case, signs of expressions',
      '{"A":[{"equals-ignore-case":"^a.$"}]}',
      '{"A":"^A.$"}',
      '{"A":"ab"}',
    ],
    ['IPv4 address', '{"A":["10.0.0.1"]}', '{"A":"010.0.0.1"}', '{"A":"10.0.0.10"}'],
    ['text like an IPv4 address', '{"A":["10.0.0.256"]}', '{"A":"10.0.0.256"}', '{"A":"010.0.0.256"}'],
    ['IPv6 address', '{"A":["::1"]}', '{"A":"0:0:0:0:0:0:0:1"}', '{"A":"::1:0"}'],
    ['IPv6 address, in upper case', '{"A":["fe80::a"]}', '{"A":"FE80:0::A"}', '{"A":"fe80::b"}'],
    ['IPv6 address of all zeros', '{"A":["::"]}', '{"A":"0::0"}', '{"A":":"}'],
    [
      'IPv6 address with one zero left out',
      '{"A":["1:2:3:4:5:6:7::"]}',
      '{"A":"1:2:3:4:5:6:7:0"}',
      '{"A":"1:2:3:4:5:6:7"}',
    ],
    ['IPv6 address of an IPv4 address', '{"A":["::ffff:a00:1"]}', '{"A":"10.0.0.1"}', '{"A":"::a00:1"}'],
    [
      'text like an IPv6 address',
      '{"A":["1:2:3:4:5:6:7:8::"]}',
      '{"A":"1:2:3:4:5:6:7:8::"}',
      '{"A":"1:2:3:4:5:6:7:8"}',
    ],
    ['text with two gaps', '{"A":["1::2::3"]}', '{"A":"1::2::3"}', '{"A":"1:0::2::3"}'],
    ['text of a large group', '{"A":["::10000"]}', '{"A":"::10000"}', '{"A":"::010000"}'],
    ['a time', '{"A":["12:30"]}', '{"A":"12:30"}', '{"A":"012:30"}'],
    ['a name with a dot for two levels', '{"a.b":["x"]}', '{"a":{"b":"x"}}', '{"a":"x","b":"x"}'],
    ['two levels for a name with a dot', '{"a":{"b":{"c":["x"]}}}', '{"a.b":{"c":"x"}}', '{"a.b.d":"x"}'],
    [
      'a name with a dot beside two levels',
      '{"a":{"b":["x"]}}',
      '{"a":{"b":"y"},"a.b":"x"}',
      '{"a":{"b":"y"},"a.b":"z"}',
    ],
    ['the last of two lists of a field', '{"a":["x"],"a":["y"]}', '{"a":"y"}', '{"a":"x"}'],
    [
      'the last of two lists of a field, a number',
      '{"b":["x"],"1":["x"],"1":["y"]}',
      '{"b":"x","1":"y"}',
      '{"b":"x","1":"x"}',
    ],
    [
      'two objects of a field',
      '{"a":{"b":["x"]},"a":{"c":["y"]}}',
      '{"a":{"b":"x","c":"y"}}',
      '{"a":{"c":"y"}}',
    ],
    [
      'alternatives in place of what is before them',
      '{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}',
      '{"a":"y"}',
      '{"a":"z","b":"z"}',
    ],
    [
      'what is behind alternatives in place of them',
      '{"$or":[{"a":["y"]},{"b":["z"]}],"a":["x"]}',
      '{"a":"x"}',
      '{"a":"y"}',
    ],
    [
      'alternatives twice',
      '{"$or":[{"a":["1"]},{"a":["2"]}],"$or":[{"b":["1"]},{"b":["2"]}]}',
      '{"a":"2","b":"1"}',
      '{"a":"2","b":"3"}',
    ],
    [
      'alternatives on a lower level',
      '{"a":{"$or":[{"b":["x"]},{"c":["x"]}]}}',
      '{"a":{"c":"x"}}',
      '{"c":"x"}',
    ],
    ['any one of several kinds of rules', '{"a":["x",{"exists":false}]}', '{}', '{"a":"y"}'],
    ['an escaped name', '{"\\u0061":["x:\\"y\\""]}', '{"a":"x:\\"y\\""}', '{"a":"x"}'],
    ['several levels', '{"a":{"b":{"c":["x"]}}}', '{"a":{"b":{"c":"x"}}}', '{"a":{"b":"x"}}'],
    ['an element of a list', '{"tags":["red"]}', '{"tags":["blue","red"]}', '{"tags":["blue"]}'],
    [
      'a field of a list of objects',
      '{"rows":{"id":["2"]}}',
      '{"rows":[{"id":"1"},{"id":"2"}]}',
      '{"rows":[]}',
    ],
    ['an element of a list of lists', '{"tags":["red"]}', '{"tags":[["blue"],["red"]]}', '{"tags":[[]]}'],
    [
      'a field of lists of objects in a list',
      '{"rows":{"id":["2"]}}',
      '{"rows":[[{"id":"1"}],[{"id":"2"}]]}',
      '{"rows":[["id","2"]]}',
    ],
    ['a text, not a number', '{"N":["1"]}', '{"N":"1"}', '{"N":1}'],
    ['a number, not a text', '{"N":[1]}', '{"N":1}', '{"N":"1"}'],
    ['not, in a list', '{"W":[{"anything-but":["a","b"]}]}', '{"W":["a",5]}', '{"W":["a","b"]}'],
    [
      'a field of an object in one of the objects of a list',
      '{"a":{"b":{"c":["x"]}}}',
      '{"a":[{"b":{"c":"y"}},{"b":{"c":"x"}}]}',
      '{"a":[{"b":{"c":"y"}}]}',
    ],
    ['begins with, in a list', '{"R":[{"prefix":"us-"}]}', '{"R":["eu-1","us-1"]}', '{"R":["eu-1"]}'],
    ['begins with, where absent', '{"R":[{"prefix":""}]}', '{"R":""}', '{}'],
    ['begins with, texts only', '{"R":[{"prefix":"1"}]}', '{"R":"12"}', '{"R":12}'],
    ['own fields only', '{"constructor":[{"exists":true}]}', '{"constructor":1}', '{}'],
    ['the field __proto__', '{"__proto__":["x"]}', '{"__proto__":"x"}', '{}'],
  ])('matches by %s', (_name, pattern, matching, other) => {
    expect(matches(pattern, matching)).toBe(true);
    expect(matches(pattern, other)).toBe(false);
  });

  it.each([
    [
      'fields of one element',
      '{"rows":{"id":["2"],"v":["b"]}}',
      '{"rows":[{"id":"1","v":"a"},{"id":"2","v":"b"}]}',
      '{"rows":[{"id":"1","v":"b"},{"id":"2","v":"a"}]}',
    ],
    [
      'fields of one element, whichever it is',
      '{"rows":{"id":["1"],"v":["b"]}}',
      '{"rows":[{"id":"1","v":"a"},{"id":"1","v":"b"}]}',
      '{"rows":[{"id":"1","v":"a"},{"id":"2","v":"b"}]}',
    ],
    [
      'three fields of one element',
      '{"rows":{"a":["1"],"b":["1"],"c":["1"]}}',
      '{"rows":[{"a":"1","b":"1","c":"0"},{"a":"1","b":"1","c":"1"}]}',
      '{"rows":[{"a":"1","b":"1"},{"a":"1","c":"1"},{"b":"1","c":"1"}]}',
    ],
    [
      'fields of one element within one element',
      '{"rows":{"cells":{"x":["1"],"y":["1"]}}}',
      '{"rows":[{"cells":[{"x":"0"},{"x":"1","y":"1"}]}]}',
      '{"rows":[{"cells":[{"x":"1"},{"y":"1"}]},{"cells":[{"x":"1"}]},{"cells":[{"y":"1"}]}]}',
    ],
    [
      'a field of the element around',
      '{"rows":{"cells":{"x":["1"]},"id":["2"]}}',
      '{"rows":[{"id":"1","cells":[{"x":"0"}]},{"id":"2","cells":[{"x":"0"},{"x":"1"}]}]}',
      '{"rows":[{"id":"1","cells":[{"x":"1"}]},{"id":"2","cells":[{"x":"0"}]}]}',
    ],
    [
      'elements of two arrays, each by itself',
      '{"a":{"x":["1"],"y":["1"]},"b":{"x":["1"],"y":["1"]}}',
      '{"a":[{"x":"1","y":"1"},{}],"b":[{},{"x":"1","y":"1"}]}',
      '{"a":[{"x":"1","y":"1"},{}],"b":[{"x":"1"},{"y":"1"}]}',
    ],
    [
      'elements of lists of lists',
      '{"rows":{"id":["1"],"v":["1"]}}',
      '{"rows":[[{"id":"1"}],[{"id":"1","v":"1"}]]}',
      '{"rows":[[{"id":"1"},{"v":"1"}],[{"v":"1"}]]}',
    ],
    [
      'values of one list together',
      '{"rows":{"tags":["x"],"more":["y"]}}',
      '{"rows":[{"tags":["w","x"],"more":["z","y"]}]}',
      '{"rows":[{"tags":["w","x"]},{"more":["z","y"]}]}',
    ],
    [
      'a value beside objects, and a field of one of them',
      '{"rows":["x"],"rows.id":["1"]}',
      '{"rows":["x",{"id":"1"}]}',
      '{"rows":["y",{"id":"1"}]}',
    ],
    [
      'absence from the chosen element only',
      '{"rows":{"id":["1"],"v":[{"exists":false}]}}',
      '{"rows":[{"id":"1"},{"id":"2","v":"b"}]}',
      '{"rows":[{"id":"1","v":"b"},{"id":"2"}]}',
    ],
    [
      'absence from all elements where none is chosen yet',
      '{"rows":{"a":[{"exists":false}],"id":["1"]}}',
      '{"rows":[{"id":"1"},{"id":"2"}]}',
      '{"rows":[{"id":"1"},{"id":"2","a":"b"}]}',
    ],
    [
      'absence behind a choice in another array',
      '{"a":{"x":["1"]},"b":{"y":[{"exists":false}]}}',
      '{"a":[{"x":"1"}],"b":[{"z":"1"}]}',
      '{"a":[{"x":"1"}],"b":[{"y":"1"}]}',
    ],
    [
      'values in an array and under a name with a dot',
      '{"a":{"b":["x"],"c":["y"]}}',
      '{"a":[{"b":"x"},{"c":"y"}],"a.c":"y"}',
      '{"a":[{"b":"x"},{"c":"y"}],"a.c":"z"}',
    ],
    [
      'alternatives, each in one element',
      '{"rows":{"$or":[{"id":["1"],"v":["b"]},{"id":["2"],"v":["a"]}]}}',
      '{"rows":[{"id":"3","v":"a"},{"id":"2","v":"a"}]}',
      '{"rows":[{"id":"1","v":"a"},{"id":"2","v":"b"}]}',
    ],
  ])('matches in an array %s', (_name, pattern, matching, other) => {
    expect(matches(pattern, matching)).toBe(true);
    expect(matches(pattern, other)).toBe(false);
  });

  it('tries each element once, however many arrays there are', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const pattern = JSON.stringify(
      Object.fromEntries(names.map((name) => [name, { x: ['1'], y: name === 'f' ? ['2'] : ['1'] }])),
    );
    const rows = Array.from({ length: 1_000 }, () => ({ x: '1', y: '1' }));
    const event = Object.fromEntries(names.map((name) => [name, rows]));
    expect(compilePattern(pattern).matches(event)).toBe(false);
    expect(compilePattern(pattern).matches({ ...event, f: [...rows, { x: '1', y: '2' }] })).toBe(true);
  });

  it('does not take one array that is shown twice for the same one', () => {
    const image = { rows: [{ a: '1' }, { b: '1' }] };
    const pattern = '{"new":{"rows":{"a":["1"]}},"old":{"rows":{"b":["1"]}}}';
    expect(compilePattern(pattern).matches({ new: image, old: image })).toBe(true);
  });

  it('sees what is nested a thousand deep, and takes what is nested deeper for no JSON', () => {
    const nested = (depth: number): object => JSON.parse(`{"a":${'['.repeat(depth)}"x"${']'.repeat(depth)}}`);
    for (const pattern of ['{"a":["x"]}', '{"b":[{"exists":false}],"a":[{"exists":true}]}']) {
      expect(compilePattern(pattern).matches(nested(999))).toBe(true);
      expect(compilePattern(pattern).matches(nested(1_000))).toBe(false);
    }
  });

  it('names the fields that it has rules for, in the order in which they are matched', () => {
    const { names } = compilePattern('{"b":["x"],"a":{"$or":[{"d":["x"]},{"c":{"1":["x"]}}],"c.1":["y"]}}');
    expect(names).toEqual(['a.c.1', 'a.d', 'b']);
  });

  const numbers = [-1, 9.5, 10, 10.5, 20, 21];
  it.each([
    ['["=",10]', [10]],
    ['["<",10]', [-1, 9.5]],
    ['["<=",10]', [-1, 9.5, 10]],
    ['[">",10]', [10.5, 20, 21]],
    ['[">=",10]', [10, 10.5, 20, 21]],
    ['[">=",10,"<",20]', [10, 10.5]],
    ['[">",10,"<=",20]', [10.5, 20]],
    ['["=",1e1]', [10]],
  ])('compares with numeric %s', (comparisons, matching) => {
    const text = `{"P":[{"numeric":${comparisons}}]}`;
    const pattern = compilePattern(text);
    expect(numbers.filter((number) => matches(text, `{"P":${number}}`))).toEqual(matching);
    // Numbers that the service itself writes, such as an arrival time, are not parsed from text.
    expect(numbers.filter((number) => pattern.matches({ P: number }))).toEqual(matching);
    expect(pattern.matches({ P: '10' })).toBe(false);
    expect(pattern.matches({})).toBe(false);
  });

  it('compares a number that the service writes by its shortest text', () => {
    expect(compilePattern('{"A":[1.5]}').matches({ A: 1.5 })).toBe(true);
    expect(compilePattern('{"A":[1.5]}').matches({ A: '1.5' })).toBe(false);
    expect(compilePattern('{"A":["1.5"]}').matches({ A: 1.5 })).toBe(false);
  });

  it('takes patterns of 4,096 characters, 100 levels and 1,000 combinations', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}["x"]${'}'.repeat(depth)}`;
    expect(matches(nested(100), nested(100).replace('["x"]', '"x"'))).toBe(true);
    for (const deep of [nested(101), `{"${'a.'.repeat(100)}a":["x"]}`]) {
      expect(() => compilePattern(deep)).toThrow(new PatternError([], 'has more than 100 levels'));
    }
    const longest = `${' '.repeat(4_084)}{"a":["xyz"]}`.slice(-4_096);
    expect(matches(longest, '{"a":"xyz"}')).toBe(true);
    expect(() => compilePattern(` ${longest}`)).toThrow(
      new PatternError([], 'has more than 4096 characters'),
    );
    const ten = (name: string): string =>
      `{"$or":[${Array.from({ length: 10 }, (_, index) => `{"${name}":[${index}]}`).join()}]}`;
    const thousand = `"a":${ten('x')},"b":${ten('x')},"c":${ten('x')}`;
    expect(matches(`{${thousand}}`, '{"a":{"x":1},"b":{"x":2},"c":{"x":9}}')).toBe(true);
    expect(matches(`{${thousand}}`, '{"a":{"x":1},"b":{"x":2},"c":{"x":10}}')).toBe(false);
    expect(() => compilePattern(`{${thousand},"d":${ten('x')}}`)).toThrow(
      new PatternError(['d', '$or'], 'has more than 1000 combinations of alternatives'),
    );
  });

  const whole = 'must be an object, with a list of rules for each field';
  const field = 'must have a list of rules or an object for each field, at A';
  const anythingBut =
    'needs one text or number, a list of texts or a list of numbers of at most 17 digits under anything-but, at A[0].anything-but';
  const comparison =
    'needs =, <, <=, > or >= and a number of at most 17 digits in each comparison, at A[0].numeric';
  const range =
    'needs a range from a lower number to a higher one, such as [">", 10, "<=", 20], at A[0].numeric';
  it.each([
    ['text that is not JSON', '{', 'is not JSON'],
    ['text behind a pattern', '{"A":["x"]} x', 'is not JSON'],
    ['a list', '[]', whole],
    ['null', 'null', whole],
    ['a number', '5', whole],
    ['a text', '"A:"', whole],
    ['no field', '{}', 'has an object without fields'],
    ['no field on a lower level', '{"A":{"B":{}}}', 'has an object without fields, at A.B'],
    ['no field in an alternative', '{"$or":[{"A":["x"]},{}]}', 'has an object without fields, at $or[1]'],
    ['a bare value', '{"A":"x"}', field],
    ['a bare number', '{"A":5}', field],
    ['a bare null', '{"A":null}', field],
    ['an empty list of rules', '{"A":{"B":[]}}', 'needs at least one rule in each list, at A.B'],
    ['a list in a list', '{"A":[["x"]]}', 'has a list within a list of rules, at A[0]'],
    [
      'an unknown operator',
      '{"A":["x",{"cidr":"10.0.0.0/8"}]}',
      'uses the operator "cidr", which event source mappings do not have, at A[1]',
    ],
    [
      'an operator of event buses only',
      '{"A":[{"wildcard":"*"}]}',
      'uses the operator "wildcard", which event source mappings do not have, at A[0]',
    ],
    ['a form of anything-but of event buses only', '{"A":[{"anything-but":{"prefix":"x"}}]}', anythingBut],
    [
      'an operator from the prototype',
      '{"A":[{"toString":"x"}]}',
      'uses the operator "toString", which event source mappings do not have, at A[0]',
    ],
    [
      'two operators in one rule',
      '{"A":[{"prefix":"a","suffix":"b"}]}',
      'must have one operator in each rule, at A[0]',
    ],
    [
      'one operator twice',
      '{"A":[{"prefix":"a","prefix":"a"}]}',
      'must have one operator in each rule, at A[0]',
    ],
    ['no operator', '{"A":[{}]}', 'must have one operator in each rule, at A[0]'],
    ['exists with a text', '{"A":[{"exists":"true"}]}', 'needs true or false under exists, at A[0].exists'],
    ['a prefix that is no text', '{"A":[{"prefix":1}]}', 'needs a text, at A[0].prefix'],
    ['a prefix list', '{"A":[{"prefix":["a"]}]}', 'needs a text, at A[0].prefix'],
    ['a suffix that is no text', '{"A":[{"suffix":null}]}', 'needs a text, at A[0].suffix'],
    [
      'a prefix that is no text, whatever its case',
      '{"A":[{"prefix":{"equals-ignore-case":1}}]}',
      'needs a text, at A[0].prefix.equals-ignore-case',
    ],
    [
      'no text to ignore the case of',
      '{"A":[{"equals-ignore-case":1}]}',
      'needs a text, at A[0].equals-ignore-case',
    ],
    [
      'an unknown form of prefix',
      '{"A":[{"prefix":{"other":"x"}}]}',
      'needs a text, or one under equals-ignore-case, at A[0].prefix',
    ],
    [
      'an empty form of prefix',
      '{"A":[{"prefix":{}}]}',
      'needs a text, or one under equals-ignore-case, at A[0].prefix',
    ],
    [
      'an unknown form of suffix',
      '{"A":[{"suffix":{"equals-ignore-case":"x","other":"x"}}]}',
      'needs a text, or one under equals-ignore-case, at A[0].suffix',
    ],
    ['an empty anything-but', '{"A":[{"anything-but":[]}]}', anythingBut],
    ['anything but a text and a number', '{"A":[{"anything-but":["x",1]}]}', anythingBut],
    ['anything but true', '{"A":[{"anything-but":["x",true]}]}', anythingBut],
    ['anything but null', '{"A":[{"anything-but":null}]}', anythingBut],
    ['anything but a number that no double says', '{"A":[{"anything-but":[1,1e400]}]}', anythingBut],
    ['numeric with texts', '{"A":[{"numeric":[">","1"]}]}', comparison],
    ['numeric with an unknown sign', '{"A":[{"numeric":["!=",1]}]}', comparison],
    ['numeric with a sign from the prototype', '{"A":[{"numeric":["toString",1]}]}', comparison],
    ['numeric with a number for a sign', '{"A":[{"numeric":[1,1]}]}', comparison],
    ['numeric with a wrong second comparison', '{"A":[{"numeric":[">",1,"<",null]}]}', comparison],
    ['numeric with a number that no double says', '{"A":[{"numeric":["=",9007199254740993]}]}', comparison],
    ['numeric with an equality for a lower end', '{"A":[{"numeric":["=",1,"<",2]}]}', range],
    ['numeric with an equality for a higher end', '{"A":[{"numeric":[">=",1,"=",2]}]}', range],
    ['numeric from above', '{"A":[{"numeric":["<",2,">",1]}]}', range],
    ['numeric with two lower ends', '{"A":[{"numeric":[">",1,">=",2]}]}', range],
    ['numeric without numbers between its ends', '{"A":[{"numeric":[">",2,"<=",1]}]}', range],
    ['numeric with one number for both ends', '{"A":[{"numeric":[">=",1.0,"<=",1]}]}', range],
    [
      'numeric with three parts',
      '{"A":[{"numeric":[">",1,"<"]}]}',
      'needs one or two comparisons under numeric, at A[0].numeric',
    ],
    [
      'numeric with six parts',
      '{"A":[{"numeric":[">",1,"<",3,"=",2]}]}',
      'needs one or two comparisons under numeric, at A[0].numeric',
    ],
    [
      'numeric without a list',
      '{"A":[{"numeric":5}]}',
      'needs one or two comparisons under numeric, at A[0].numeric',
    ],
    [
      'one alternative',
      '{"$or":[{"A":["x"]}]}',
      'needs a list of at least two alternatives under $or, at $or',
    ],
    [
      'no list of alternatives',
      '{"$or":{"A":["x"]}}',
      'needs a list of at least two alternatives under $or, at $or',
    ],
    ['alternatives that are no objects', '{"$or":["x","y"]}', `${whole}, at $or[0]`],
    [
      'what is wrong in an alternative',
      '{"A":{"$or":[{"B":["x"]},{"C":[{"exists":1}]}]}}',
      'needs true or false under exists, at A.$or[1].C[0].exists',
    ],
    [
      'the name of an operator in an alternative',
      '{"$or":[{"A":{"prefix":["x"]}},{"B":["x"]}]}',
      'has the field "prefix" under $or, where this name is reserved, at $or[0].A.prefix',
    ],
  ])('refuses %s, and says what is wrong and where', (_name, pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({ name: 'PatternError', message: reason }),
    );
  });

  it('takes the name of an operator where there are no alternatives', () => {
    expect(matches('{"prefix":["x"],"$or":[{"A":["x"]},{"B":["x"]}]}', '{"prefix":"x","B":"x"}')).toBe(true);
  });
});

function matches(pattern: string, event: string): boolean {
  return compilePattern(pattern).matches(parseWithNumberText(event) as object);
}
