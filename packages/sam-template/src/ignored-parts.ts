import type { IgnoredPart } from './application.ts';

/** Collects what has no meaning here. */
export interface IgnoredParts {
  /** @param property - absent when the whole resource is ignored */
  readonly add: (logicalId: string, type: string, property?: string) => void;
  list(): IgnoredPart[];
}

export function createIgnoredParts(): IgnoredParts {
  const parts = new Map<string, { type: string; property?: string; logicalIds: Set<string> }>();
  return {
    add(logicalId, type, property) {
      const key = `${type} ${property ?? ''}`;
      const part = parts.get(key) ?? {
        type,
        ...(property !== undefined && { property }),
        logicalIds: new Set<string>(),
      };
      part.logicalIds.add(logicalId);
      parts.set(key, part);
    },
    list: () => [...parts.values()].map((part) => ({ ...part, logicalIds: [...part.logicalIds] })),
  };
}
