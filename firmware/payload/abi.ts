/**
 * What the program of a PPMID and the device that runs it agree on: one memory page map, compiled alike by asc and tsc.
 *
 * The program imports nothing and its memory never grows. It exports `abiVersion(): i32` (ABI), `version(): u32` (the file
 * version of its image), `model(): i32` and `render(): i32` (length of UTF-8 text put at OUTPUT), and
 * `key(code: i32): i32` (a button was pressed; answers the SETTING to be kept). The device fills INPUT before each call.
 * All numbers are little-endian 32-bit integers.
 */

/** Version of this agreement; a device runs no program that answers another. */
export const ABI: i32 = 1;

/** Columns of the panel. */
export const COLUMNS: i32 = 40;
/** Rows of the panel; `render` ends each with a line feed. */
export const ROWS: i32 = 10;

/** Values given by the device. */
export const INPUT: i32 = 1024;
/** Bytes of INPUT. */
export const INPUT_SIZE: i32 = 256;
/** Text answered by the program: at most 3 bytes a cell and a line feed a row. */
export const OUTPUT: i32 = INPUT + INPUT_SIZE;
/** Bytes of OUTPUT. */
export const OUTPUT_SIZE: i32 = ROWS * (COLUMNS * 3 + 1);
/** Cells of the panel while it is drawn: one UTF-16 unit each. */
export const CANVAS: i32 = OUTPUT + OUTPUT_SIZE;
/** Bytes of CANVAS. */
export const CANVAS_SIZE: i32 = ROWS * COLUMNS * 2;

// ---- offsets in INPUT ----------------------------------------------------------------------------------------------

/** Credit left, pence; negative while emergency credit is used. */
export const IN_BALANCE: i32 = 0;
/** Emergency credit that the supplier grants, pence. */
export const IN_EMERGENCY_LIMIT: i32 = 4;
/** Emergency credit: 0 not available, 1 may be selected, 2 in use. */
export const IN_EMERGENCY: i32 = 8;
/** Payment mode: 0 credit, 1 prepayment. */
export const IN_MODE: i32 = 12;
/** Supply: 0 off, 1 on, 2 armed (may be switched on locally). */
export const IN_SUPPLY: i32 = 16;
/** Demand, watts. */
export const IN_POWER: i32 = 20;
/** Unit rate, hundredths of a penny per kWh. */
export const IN_RATE: i32 = 24;
/** Standing charge, hundredths of a penny per day. */
export const IN_STANDING: i32 = 28;
/** Debt to be recovered, pence. */
export const IN_DEBT: i32 = 32;
/** Local time, seconds since 2000-01-01T00:00:00. */
export const IN_TIME: i32 = 36;
/** What `key` answered last: page in bits 0–7, language (0 English, 1 Welsh) in bits 8–15. */
export const IN_SETTING: i32 = 40;
/** Consumption of today and the six days before, watt hours each, today first. */
export const IN_DAYS: i32 = 44;
/** Bytes of the message. */
export const IN_MESSAGE_LENGTH: i32 = 72;
/** Message of the supplier, ASCII. */
export const IN_MESSAGE: i32 = 76;
/** Longest message. */
export const MESSAGE_MAX: i32 = 160;

// ---- buttons -------------------------------------------------------------------------------------------------------

/** Turns to the next page. */
export const KEY_NEXT: i32 = 1;
/** Turns to the page before. */
export const KEY_BACK: i32 = 2;
/** Turns to the first page. */
export const KEY_HOME: i32 = 3;
/** Changes between English and Welsh. */
export const KEY_LANGUAGE: i32 = 4;
