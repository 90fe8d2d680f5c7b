/** Makes a `Date` that shows a virtual time where it is asked for the present one. */
export function createVirtualDate(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct: (target, parameters) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
