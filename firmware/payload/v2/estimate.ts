/** What the second firmware works out of the past week: cost of a day, days left, the hour credit runs out. */
import { IN_BALANCE, IN_DAYS, IN_EMERGENCY, IN_EMERGENCY_LIMIT, IN_RATE, IN_STANDING } from '../abi.ts';
import { input } from '../shared/state.ts';

/** Days of the past that the input tells, today excluded. */
const PAST: i32 = 6;

/** Mean consumption of the past days in watt hours; 0 when nothing is known. */
export function meanDay(): i32 {
  let sum: i64 = 0;
  let days: i32 = 0;
  for (let day: i32 = 1; day <= PAST; day++) {
    const used = input(IN_DAYS + 4 * day);
    if (used <= 0) continue;
    sum += used;
    days++;
  }
  return days === 0 ? 0 : <i32>(sum / days);
}

/** Cost in hundredths of a penny of `wattHours` at the unit rate. */
export function costOf(wattHours: i32): i64 {
  return (<i64>wattHours * <i64>input(IN_RATE)) / 1000;
}

/** Cost in pence of a mean day, standing charge included. */
export function dailyCost(): i32 {
  return <i32>((costOf(meanDay()) + <i64>input(IN_STANDING) + 50) / 100);
}

/** Tenths of days that credit lasts, emergency credit included once it is in use; −1 when that cannot be said. */
export function tenthsLeft(): i32 {
  const day = dailyCost();
  if (day <= 0) return -1;
  const credit = input(IN_BALANCE) + (input(IN_EMERGENCY) === 2 ? input(IN_EMERGENCY_LIMIT) : 0);
  return credit <= 0 ? 0 : <i32>min<i64>((<i64>credit * 10) / <i64>day, 999);
}

/** The largest consumption of the week, watt hours. */
export function weekMaximum(): i32 {
  let most: i32 = 0;
  for (let day: i32 = 0; day <= PAST; day++) most = max<i32>(most, input(IN_DAYS + 4 * day));
  return most;
}
