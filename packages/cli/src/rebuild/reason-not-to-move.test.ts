import { describe, expect, it } from 'vitest';
import { reasonNotToMove } from './reason-not-to-move.ts';

const stack = { name: 'prices', hierarchyDimensions: ['RiskType', 'TradeDesk'] };

describe('reasonNotToMove', () => {
  it('names the dimensions that are deployed, and what to deploy first', () => {
    expect(reasonNotToMove(stack, ['RiskType', 'Region'])).toBe(
      'the stack prices sums new and changed trades by HierarchyDimensions=RiskType,TradeDesk: deploy it with HierarchyDimensions=RiskType,Region before trades are moved there',
    );
  });

  it('has none where the dimensions are deployed, where none move, and where the deployment is not known', () => {
    expect(reasonNotToMove(stack, ['RiskType', 'TradeDesk'])).toBeUndefined();
    expect(reasonNotToMove(stack, undefined)).toBeUndefined();
    expect(reasonNotToMove(undefined, ['RiskType'])).toBeUndefined();
    expect(reasonNotToMove({ name: 'prices', hierarchyDimensions: undefined }, ['RiskType'])).toBeUndefined();
  });
});
