// Goal: each operator that Lambda documents for filters, and each form that it refuses. Method: examples, most of them
// the documentation's own.
import { describe, expect, it } from 'vitest';
import { compilePattern } from './event-pattern.ts';
import { parseWithNumberText } from './json-with-number-text.ts';

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
    ['number by its text', '{"N":[300]}', '{"N":300}', '{"N":300.0}'],
    ['number by its text (exponent)', '{"N":[3.0e2]}', '{"N":3.0e2}', '{"N":300}'],
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
    ['not, in a list', '{"W":[{"anything-but":["a",5]}]}', '{"W":["a",6]}', '{"W":["a",5]}'],
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
    ['no field', '{}', '{"anything":1}', undefined],
  ])('matches by %s', (_name, pattern, matching, other) => {
    const matches = compilePattern(pattern);
    expect(matches(parseWithNumberText(matching))).toBe(true);
    if (other !== undefined) {
      expect(matches(parseWithNumberText(other))).toBe(false);
    }
  });

  const numbers = [-1, 9.5, 10, 10.5, 20, 21];
  it.each([
    ['["=",10]', [10]],
    ['["<",10]', [-1, 9.5]],
    ['["<=",10]', [-1, 9.5, 10]],
    ['[">",10]', [10.5, 20, 21]],
    ['[">=",10]', [10, 10.5, 20, 21]],
    ['[">=",10,"<",20]', [10, 10.5]],
    ['["=",1e1,"<=",20]', [10]],
  ])('compares with numeric %s', (comparisons, matching) => {
    const matches = compilePattern(`{"P":[{"numeric":${comparisons}}]}`);
    expect(numbers.filter((number) => matches(parseWithNumberText(`{"P":${number}}`)))).toEqual(matching);
    // Numbers that the service itself writes, such as an arrival time, are not parsed from text.
    expect(numbers.filter((number) => matches({ P: number }))).toEqual(matching);
    expect(matches({ P: '10' })).toBe(false);
    expect(matches({})).toBe(false);
  });

  it('compares a number that the service writes by its shortest text', () => {
    expect(compilePattern('{"A":[1.5]}')({ A: 1.5 })).toBe(true);
    expect(compilePattern('{"A":[1.5]}')({ A: '1.5' })).toBe(false);
    expect(compilePattern('{"A":["1.5"]}')({ A: 1.5 })).toBe(false);
  });

  it('looks into patterns of a hundred levels', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}["x"]${'}'.repeat(depth)}`;
    const alternatives = (depth: number): string => `${'{"$or":['.repeat(depth)}{}${',{}]}'.repeat(depth)}`;
    expect(compilePattern(nested(101))(JSON.parse(nested(101).replace('["x"]', '"x"')))).toBe(true);
    expect(compilePattern(alternatives(100))({})).toBe(true);
    for (const pattern of [nested(102), alternatives(101)]) {
      expect(() => compilePattern(pattern)).toThrow('filterCriteria has a pattern that is nested too deeply');
    }
  });

  it.each([
    ['text that is not JSON', '{', 'is not JSON'],
    ['a list', '[]', 'must be an object, with a list of rules for each field'],
    ['null', 'null', 'must be an object, with a list of rules for each field'],
    ['a number', '5', 'must be an object, with a list of rules for each field'],
    ['a bare value', '{"A":"x"}', 'must have a list of rules for each field'],
    ['a bare number', '{"A":5}', 'must have a list of rules for each field'],
    ['a bare null', '{"A":null}', 'must have a list of rules for each field'],
    ['an empty list of rules', '{"A":[]}', 'must have a list of rules for each field'],
    ['a list in a list', '{"A":[["x"]]}', 'has a list within a list of rules'],
    [
      'an unknown operator',
      '{"A":[{"cidr":"10.0.0.0/8"}]}',
      'uses the operator "cidr", which event source mappings do not have',
    ],
    [
      'an operator of event buses only',
      '{"A":[{"wildcard":"*"}]}',
      'uses the operator "wildcard", which event source mappings do not have',
    ],
    [
      'a form of anything-but of event buses only',
      '{"A":[{"anything-but":{"prefix":"x"}}]}',
      'needs texts or numbers under anything-but',
    ],
    [
      'an operator from the prototype',
      '{"A":[{"toString":"x"}]}',
      'uses the operator "toString", which event source mappings do not have',
    ],
    [
      'two operators in one rule',
      '{"A":[{"prefix":"a","suffix":"b"}]}',
      'must have one operator in each rule',
    ],
    ['no operator', '{"A":[{}]}', 'must have one operator in each rule'],
    ['exists with a text', '{"A":[{"exists":"true"}]}', 'needs true or false under exists'],
    ['a prefix that is no text', '{"A":[{"prefix":1}]}', 'needs a text under prefix'],
    ['a prefix list', '{"A":[{"prefix":["a"]}]}', 'needs a text under prefix'],
    ['a suffix that is no text', '{"A":[{"suffix":null}]}', 'needs a text under suffix'],
    [
      'a prefix that is no text, whatever its case',
      '{"A":[{"prefix":{"equals-ignore-case":1}}]}',
      'needs a text under prefix',
    ],
    [
      'no text to ignore the case of',
      '{"A":[{"equals-ignore-case":1}]}',
      'needs a text under equals-ignore-case',
    ],
    ['an unknown form of prefix', '{"A":[{"prefix":{"other":"x"}}]}', 'has an unknown form of prefix'],
    [
      'an unknown form of suffix',
      '{"A":[{"suffix":{"equals-ignore-case":"x","other":"x"}}]}',
      'has an unknown form of suffix',
    ],
    ['an empty anything-but', '{"A":[{"anything-but":[]}]}', 'needs texts or numbers under anything-but'],
    ['anything but true', '{"A":[{"anything-but":["x",true]}]}', 'needs texts or numbers under anything-but'],
    ['anything but null', '{"A":[{"anything-but":null}]}', 'needs texts or numbers under anything-but'],
    ['numeric with texts', '{"A":[{"numeric":[">","1"]}]}', 'has an unknown comparison under numeric'],
    [
      'numeric with an unknown sign',
      '{"A":[{"numeric":["!=",1]}]}',
      'has an unknown comparison under numeric',
    ],
    [
      'numeric with a sign from the prototype',
      '{"A":[{"numeric":["toString",1]}]}',
      'has an unknown comparison under numeric',
    ],
    [
      'numeric with a number for a sign',
      '{"A":[{"numeric":[1,1]}]}',
      'has an unknown comparison under numeric',
    ],
    [
      'numeric with a wrong second comparison',
      '{"A":[{"numeric":[">",1,"<",null]}]}',
      'has an unknown comparison under numeric',
    ],
    [
      'numeric with three parts',
      '{"A":[{"numeric":[">",1,"<"]}]}',
      'needs one or two comparisons under numeric',
    ],
    [
      'numeric with six parts',
      '{"A":[{"numeric":[">",1,"<",3,"=",2]}]}',
      'needs one or two comparisons under numeric',
    ],
    ['numeric without a list', '{"A":[{"numeric":5}]}', 'needs one or two comparisons under numeric'],
    ['one alternative', '{"$or":[{"A":["x"]}]}', 'needs at least two alternatives under $or'],
    ['no list of alternatives', '{"$or":{"A":["x"]}}', 'needs at least two alternatives under $or'],
    [
      'alternatives that are no objects',
      '{"$or":["x","y"]}',
      'must be an object, with a list of rules for each field',
    ],
  ])('refuses %s, and says what is wrong', (_name, pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        name: 'SettingsError',
        setting: 'filterCriteria',
        message: `filterCriteria has a pattern that ${reason}`,
      }),
    );
  });
});
