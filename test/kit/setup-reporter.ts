/** Closes a test run with a plain count, and says which suites were left out because their material is not on this machine. */
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

/** Skipped tests grouped by the outermost suite (or test) that was skipped, so that each reason is named once. */
function leftOut(modules: readonly TestModule[]): Map<string, number> {
  const names = new Map<string, number>();
  for (const module of modules) {
    for (const test of module.children.allTests('skipped')) {
      const name = `${module.relativeModuleId}: ${outermostSkipped(test)}`;
      names.set(name, (names.get(name) ?? 0) + 1);
    }
  }
  return names;
}

function outermostSkipped(test: TestCase): string {
  let name = test.name;
  for (let at: TestCase | TestSuite | TestModule = test; at.type !== 'module'; at = at.parent) {
    if (at.type === 'suite' && at.options.mode === 'skip') name = at.name;
  }
  return name;
}

/** Vitest reporter; writes after the summary of the others. */
export default class ClosingLine implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    if (this.vitest?.config.watch) return;
    const broken = modules.flatMap((module) => module.errors());
    const count = { passed: 0, failed: broken.length + unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) for (const test of module.children.allTests()) count[test.result().state] += 1;
    const lines = [...leftOut(modules)].map(([name, number]) => `left out: ${name} (${number} ${number === 1 ? 'test' : 'tests'})`);
    lines.push(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
    process.on('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
