/** Whether two sets of times differ: Welch's t, and the cropping that takes a busy machine's interruptions out of it. */

/** Count, mean and variance of values. */
interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** Welch's t of two sets, positive where the second has the greater mean; 0 for two sets without any spread that are equal. */
export function welch(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [momentsOf(a), momentsOf(b)];
  const difference = y.mean - x.mean;
  return difference === 0 ? 0 : difference / Math.sqrt(x.variance / x.count + y.variance / y.count);
}

/** Those values of both sets that are at most the given quantile of all together: whoever is above was interrupted. */
export function cropped(a: readonly number[], b: readonly number[], share: number): readonly [readonly number[], readonly number[]] {
  const all = [...a, ...b].sort((x, y) => x - y);
  const limit = all[Math.min(all.length - 1, Math.floor(all.length * share))] as number;
  return [a.filter((value) => value <= limit), b.filter((value) => value <= limit)];
}

function momentsOf(values: readonly number[]): Moments {
  if (values.length < 2) throw new RangeError('too few values');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { count: values.length, mean, variance };
}
