/** The supplier's message, broken into lines at spaces. */
import { INPUT, IN_MESSAGE, IN_MESSAGE_LENGTH, MESSAGE_MAX } from '../abi.ts';
import { cell } from './canvas.ts';
import { input } from './state.ts';

/** Whether there is a message. */
export function hasMessage(): bool {
  return input(IN_MESSAGE_LENGTH) > 0;
}

/** Draws the message into `rows` rows of `width` columns; what does not fit is left out. Only printable ASCII is shown. */
export function message(x: i32, y: i32, width: i32, rows: i32): void {
  const length = min<i32>(max<i32>(input(IN_MESSAGE_LENGTH), 0), MESSAGE_MAX);
  let at: i32 = 0;
  for (let row: i32 = 0; row < rows && at < length; row++) {
    let end = min<i32>(at + width, length);
    if (end < length) {
      let space = end;
      while (space > at && character(space) !== 0x20) space--;
      if (space > at) end = space;
    }
    for (let i = at; i < end; i++) cell(x + i - at, y + row, character(i));
    at = end;
    while (at < length && character(at) === 0x20) at++;
  }
}

function character(index: i32): i32 {
  const code: i32 = load<u8>(INPUT + IN_MESSAGE + index);
  return code < 0x20 || code > 0x7e ? 0x20 : code;
}
