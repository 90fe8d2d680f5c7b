// Goal: each operator that Lambda documents for filters, and each form that it refuses. Method: examples, most of them
// the documentation's own.
import { describe, expect, it } from 'vitest';
import { compilePattern } from './event-pattern.ts';
import { parseWithNumberText } from './json-with-number-text.ts';
import { SettingsError } from './settings-error.ts';

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

  it.each([
    ['text that is not JSON', '{'],
    ['a list', '[]'],
    ['a bare value', '{"A":"x"}'],
    ['an empty list of rules', '{"A":[]}'],
    ['a list in a list', '{"A":[["x"]]}'],
    ['an unknown operator', '{"A":[{"cidr":"10.0.0.0/8"}]}'],
    ['an operator of event buses only', '{"A":[{"wildcard":"*"}]}'],
    ['a form of anything-but of event buses only', '{"A":[{"anything-but":{"prefix":"x"}}]}'],
    ['an operator from the prototype', '{"A":[{"toString":"x"}]}'],
    ['two operators in one rule', '{"A":[{"prefix":"a","suffix":"b"}]}'],
    ['no operator', '{"A":[{}]}'],
    ['exists with a text', '{"A":[{"exists":"true"}]}'],
    ['a prefix that is no text', '{"A":[{"prefix":1}]}'],
    ['an unknown form of prefix', '{"A":[{"prefix":{"other":"x"}}]}'],
    ['an empty anything-but', '{"A":[{"anything-but":[]}]}'],
    ['numeric with texts', '{"A":[{"numeric":[">","1"]}]}'],
    ['numeric with an unknown sign', '{"A":[{"numeric":["!=",1]}]}'],
    ['numeric with three parts', '{"A":[{"numeric":[">",1,"<"]}]}'],
    ['one alternative', '{"$or":[{"A":["x"]}]}'],
    ['alternatives that are no objects', '{"$or":["x","y"]}'],
    ['nesting without end', `${'{"a":'.repeat(200)}["x"]${'}'.repeat(200)}`],
  ])('refuses %s', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(SettingsError);
  });
});
