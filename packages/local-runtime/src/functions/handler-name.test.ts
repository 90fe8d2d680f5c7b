import { describe, expect, it } from 'vitest';
import { splitHandlerName } from './handler-name.ts';

describe('splitHandlerName', () => {
  it.each([
    ['index.handler', 'index', 'handler'],
    ['src/orders/app.handler', 'src/orders/app', 'handler'],
    ['index.nested.deep.handler', 'index', 'nested.deep.handler'],
    ['v1.2/index.handler', 'v1.2/index', 'handler'],
  ])('takes the module of %s up to the first dot of its last segment', (name, module, exportPath) => {
    expect(splitHandlerName(name)).toEqual({ module, exportPath });
  });

  it.each(['index', 'index.', '.handler', 'folder.x/index'])('finds no function in %s', (name) => {
    expect(splitHandlerName(name)).toBeUndefined();
  });
});
