import { describe, expect, it } from 'vitest';
import { describeOtherNode } from './describe-other-node.ts';

describe('describeOtherNode', () => {
  it('names both versions where they differ', () => {
    expect(describeOtherNode('nodejs22.x', '24.21.0')).toBe(
      'functions of the runtime nodejs22.x run with Node.js 24.21.0 here',
    );
  });

  it('says nothing of the same version, or of another language', () => {
    expect(describeOtherNode('nodejs22.x', '22.12.0')).toBeUndefined();
    expect(describeOtherNode('python3.12', '22.12.0')).toBeUndefined();
  });
});
