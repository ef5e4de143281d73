/**
 * What `npm start`, `npm test` and `npm run build` do first: dependencies when they are missing or not those of the
 * lockfile, then whatever of `dist/` is out of date. Needs nothing but Node and npm; `--build` makes everything anew.
 * Everything it says goes to standard error, in one line when it fails; the exit code is then 3 (environment).
 *
 * This file is kept to what an old Node can read, so that an old Node can be told that it is too old.
 */
var OLDEST = [20, 19];
var found = process.versions.node.split('.').map(Number);

if (found[0] < OLDEST[0] || (found[0] === OLDEST[0] && found[1] < OLDEST[1])) {
  process.stderr.write('setup: Node ' + OLDEST.join('.') + ' or newer is needed, this is ' + process.versions.node + '\n');
  process.exit(3);
} else {
  import('./prepare.mjs')
    .then(function (prepare) {
      return prepare.prepare({ force: process.argv.indexOf('--build') >= 0 });
    })
    .catch(function (error) {
      process.stderr.write('setup: ' + ((process.env.HEARTHGATE_DEBUG && error.stack) || error.message) + '\n');
      process.exit(3);
    });
}
