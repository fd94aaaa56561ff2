'use strict';
// What the scripts have in common: they get their settings as an argument, print
// JSON lines, and wait for lines on standard input as cues.
const readline = require('readline');

const input = readline.createInterface({ input: process.stdin });
const cues = input[Symbol.asyncIterator]();

/** Prints what happened. */
const say = (what, fields) => console.log(JSON.stringify({ what, ...fields }));

/** Waits until the test wants the script to go on. */
const cue = () => cues.next();

/** Runs a script. It ends when nothing is left open: a leak shows as a hang. */
const play = (script) => script(JSON.parse(process.argv[2]))
  .catch((err) => {
    console.error(err);
    process.exit(1);
  })
  .finally(() => input.close());

/** Says how a promise failed; that it does not is an error. */
const fails = async (what, promise) => {
  try {
    await promise;
  } catch (err) {
    say(what, { error: err.name, status: err.response && err.response.statusCode, message: err.message });
    return;
  }
  throw new Error(what + ' did not fail');
};

/** Turns a callback style function into a promise. */
const called = (f) => new Promise((resolve, reject) => f((err, value) => err ? reject(err) : resolve(value)));

module.exports = { say, cue, play, fails, called };
