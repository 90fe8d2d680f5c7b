import type { DeployedStack } from '../stack/read-stack.ts';

/**
 * Says why trades should not be moved to some dimensions yet, as far as the deployment is known: new and changed trades are summed by
 * those that are deployed, so trades that are moved elsewhere would go back one by one.
 *
 * @param wanted - dimensions to move trades to
 */
export function reasonNotToMove(
  stack: Pick<DeployedStack, 'name' | 'hierarchyDimensions'> | undefined,
  wanted: readonly string[] | undefined,
): string | undefined {
  const deployed = stack?.hierarchyDimensions?.join(',');
  const names = wanted?.join(',');
  if (stack === undefined || names === undefined || deployed === undefined || deployed === names) {
    return undefined;
  }
  return `the stack ${stack.name} sums new and changed trades by HierarchyDimensions=${deployed}: deploy it with HierarchyDimensions=${names} before trades are moved there`;
}
