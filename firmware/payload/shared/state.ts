/** Which page and language are shown, and how buttons change them. */
import { INPUT, IN_SETTING, KEY_BACK, KEY_HOME, KEY_LANGUAGE, KEY_NEXT } from '../abi.ts';

/** A number of the input. */
export function input(offset: i32): i32 {
  return load<i32>(INPUT + offset);
}

/** The page shown, of `pages`; one that another firmware had and this one lacks is its first. */
export function page(pages: i32): i32 {
  const shown = input(IN_SETTING) & 0xff;
  return shown < pages ? shown : 0;
}

/** Whether the panel speaks Welsh. */
export function welsh(): bool {
  return ((input(IN_SETTING) >> 8) & 0xff) === 1;
}

/** The setting after a button; unknown buttons change nothing. */
export function press(code: i32, pages: i32): i32 {
  let shown = page(pages);
  let language: i32 = welsh() ? 1 : 0;
  if (code === KEY_NEXT) shown = (shown + 1) % pages;
  else if (code === KEY_BACK) shown = (shown + pages - 1) % pages;
  else if (code === KEY_HOME) shown = 0;
  else if (code === KEY_LANGUAGE) language = 1 - language;
  const setting = shown | (language << 8);
  store<i32>(INPUT + IN_SETTING, setting);
  return setting;
}
