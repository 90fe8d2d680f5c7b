import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heartbeat, serverSentEvent } from './server-sent-event.ts';

describe('serverSentEvent', () => {
  it('has a name, one line of data and an empty line', () => {
    expect(serverSentEvent('update', { text: 'a\nb\r\nc' })).toBe(
      'event: update\ndata: {"text":"a\\nb\\r\\nc"}\n\n',
    );
  });

  it('arrives as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const [name, data, ...rest] = serverSentEvent('update', value).split(/\r\n|\r|\n/);
        expect([name, ...rest]).toEqual(['event: update', '', '']);
        expect(JSON.stringify(JSON.parse(data?.replace(/^data: /, '') ?? ''))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('has a heartbeat that is no event', () => {
    expect(heartbeat).toMatch(/^:[^\n]*\n\n$/);
  });
});
