/**
 * The wall clock, ms since 1970, for deadlines alone. They are agreed between processes while a request is on its way,
 * so they must not follow the business clock, which a test may set to another year.
 */
export function wallClock(): number {
  // eslint-disable-next-line no-restricted-syntax -- here it is
  return Date.now();
}
