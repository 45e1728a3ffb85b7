/** Which service this is, on the bus. */
export const IMPORT_SERVICE = Symbol('IMPORT_SERVICE');
/** What the service can import. */
export const IMPORT_TARGETS = Symbol('IMPORT_TARGETS');
