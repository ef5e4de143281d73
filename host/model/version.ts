/** The version that the programs answer; a test holds it equal to package.json's. */
export const VERSION = '0.3.0';

/** The day from which this version can exist, in milliseconds since 1970: a clock before it is wrong. */
export const RELEASED = Date.UTC(2026, 10, 1);
