/** Typed views of formats, for those who build and understand payloads rather than show them. */
import type { Format, Values } from './item.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Makes payloads of a type; T must name the keys of the format. Throws Fault `internal` for a value that the format cannot hold. */
export const encoder =
  <T extends object>(format: Format) =>
  (value: T): Uint8Array =>
    write(format, value as Values);

/** Reads payloads as a type; undefined when the payload ends inside a field. Bytes after the last field are ignored. */
export const decoder =
  <T extends object>(format: Format) =>
  (payload: Uint8Array): T | undefined => {
    const { values, short } = read(format, payload);
    return short === undefined ? (values as T) : undefined;
  };
