// The way into every command of the repository, on a fresh clone too: built-ins only, Node 18 or newer.
// It installs and builds what is missing, then hands over to the pinned Node of node_modules/.bin.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const BIN = join(MODULES, '.bin');
const LOCKFILE = join(ROOT, 'package-lock.json');
const INSTALL_STAMP = join(MODULES, '.quittance-lock.sha256');
const BUILD_STAMP = join(ROOT, 'dist', '.sources.sha256');
const PINNED_NODE = join(BIN, process.platform === 'win32' ? 'node.cmd' : 'node');
// Arguments of the caller come first: --selectProjects would take them for names of projects.
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

const COMMANDS = {
  start: (args) => node('npm start', ['--enable-source-maps', 'dist/dev/start.js', ...args], { isInteractive: true }),
  simulator: (args) =>
    node('simulator', ['--enable-source-maps', 'dist/dev/simulator.js', ...args], { isInteractive: true }),
  alerts: (args) => node('alerts', ['--enable-source-maps', 'dist/dev/alerts.js', ...args]),
  reset: () => node('reset', ['--enable-source-maps', 'dist/dev/reset.js']),
  bench: (args) => node('bench', ['--enable-source-maps', 'dist/bench/main.js', ...args], { isInteractive: true }),
  ops: async (args) =>
    node('ops', ['--enable-source-maps', ...programOf(args)], {
      isInteractive: true,
      env: await startedHere(),
    }),
  faults: (args) =>
    node('faults', ['--enable-source-maps', 'dist/test/faults/main.js', ...args], { isInteractive: true }),
  golden: async () => {
    await jest(['--selectProjects', 'unit'], { UPDATE_GOLDEN: '1' });
    await jest(['test/system/schema', '--selectProjects', 'system'], { UPDATE_GOLDEN: '1' });
  },
  unit: (args) => jest([...args, '--selectProjects', 'unit']),
  system: (args) => jest([...args, '--selectProjects', 'system']),
  long: (args) => jest([...args, '--selectProjects', 'long']),
  check: async (args) => {
    await typesAndLint();
    await jest([...args, '--selectProjects', 'unit']);
  },
  // One run over both projects, so that there is one closing line. Tests wait a lot, and leave time for the rest.
  test: async (args) => {
    const checks = typesAndLint({ isHeldBack: true });
    checks.catch(() => undefined);
    await jest([...args, '--selectProjects', 'unit', 'system']);
    await checks;
  },
};

/** Ends the whole command; the message is all that is shown. */
class StepFailed extends Error {
  constructor(step, code) {
    super(`${step} failed (exit code ${code})`);
    this.code = code;
  }
}

const [command = '', ...rest] = process.argv.slice(2);
try {
  const run = COMMANDS[command];
  if (run === undefined) {
    console.error(`Usage: node dev/bootstrap.mjs ${Object.keys(COMMANDS).join(' | ')} [arguments]`);
    process.exit(2);
  }
  if (Number(process.versions.node.split('.')[0]) < 18) {
    console.error(`Node ${process.versions.node} is too old: install Node 18 or newer to begin with.`);
    process.exit(1);
  }
  if (needsInstall()) await install();
  if (needsBuild()) await build();
  await run(rest);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  // These have said themselves what is wrong.
  if (!['npm start', 'simulator', 'alerts', 'reset', 'ops', 'faults'].includes(error.message.split(' failed')[0]))
    console.error(`\n${error.message}`);
  process.exitCode = error.code;
}

/** Sources are the ingress's: it knows their doors and queues. Everything else is the projector's. */
function programOf([name, ...args]) {
  return name === 'sources'
    ? ['dist/apps/ingress/src/check/main.js', ...args]
    : ['dist/apps/projector/src/ops/main.js', ...(name === undefined ? [] : [name]), ...args];
}

/** Where everything of `npm start` is, for operators' commands that are not told of others. */
async function startedHere() {
  const file = join(ROOT, '.dev', 'stack.json');
  if (process.env.KAFKA_BROKERS || process.env.DATABASE_URL || !existsSync(file)) return {};
  const { brokers, databaseUrl, mns, mnsToken } = JSON.parse(readFileSync(file, 'utf8'));
  const { DEVELOPMENT } = await import(new URL('../dist/dev/apps.js', import.meta.url));
  return {
    ...DEVELOPMENT,
    LOG_LEVEL: 'warn',
    LOG_FORMAT: '',
    QUITTANCE_CONFIG: join(ROOT, 'quittance.example.yaml'),
    MNS_QUEUE_ENDPOINT: mns,
    MNS_TOKEN_ENDPOINT: mnsToken,
    ...Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')),
    KAFKA_BROKERS: brokers,
    DATABASE_URL: databaseUrl,
  };
}

async function typesAndLint(options) {
  await step('types', 'npm', ['run', '--silent', 'types'], options);
  await step('lint', 'npm', ['run', '--silent', 'lint'], options);
}

function node(name, args, options = {}) {
  return runChild(name, PINNED_NODE, args, options);
}

function jest(args, env = {}) {
  console.log('— tests');
  return node('tests', [...JEST, ...args], { env });
}

async function step(name, program, args, options = {}) {
  if (!options.isHeldBack) console.log(`— ${name}`);
  await runChild(name, program, args, options);
}

/** Whether node_modules is not what package-lock.json says. */
function needsInstall() {
  const lock = readFileSync(LOCKFILE);
  const hash = sha256(lock);
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === hash) return !existsSync(PINNED_NODE);
  if (!existsSync(PINNED_NODE) || !isInstalled(JSON.parse(lock))) return true;
  // Installed by hand: remember that it is right.
  writeFileSync(INSTALL_STAMP, hash);
  return false;
}

/** Compares the lockfile with the one that npm keeps inside node_modules about what it installed. */
function isInstalled(lock) {
  const hidden = join(MODULES, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = lock.packages ?? {};
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages ?? {};
  const isThere = ([path, entry]) =>
    path === '' || entry.optional === true || present[path]?.version === entry.version || present[path]?.link === true;
  return Object.entries(wanted).every(isThere) && Object.keys(present).every((path) => path in wanted);
}

async function install() {
  console.log('— install: npm ci (a minute or two the first time)');
  const startedAt = Date.now();
  // npm only shows progress in a terminal.
  const ticker = setInterval(() => {
    if (!process.stdout.isTTY) console.log(`  still installing, ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }, 10_000);
  try {
    await runChild('install', 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {});
  } finally {
    clearInterval(ticker);
  }
  writeFileSync(INSTALL_STAMP, sha256(readFileSync(LOCKFILE)));
}

function needsBuild() {
  if (command === 'unit') return false;
  return !existsSync(BUILD_STAMP) || readFileSync(BUILD_STAMP, 'utf8') !== sourcesHash();
}

async function build() {
  const hash = sourcesHash();
  await step('build', 'npm', ['run', '--silent', 'build']);
  mkdirSync(dirname(BUILD_STAMP), { recursive: true });
  writeFileSync(BUILD_STAMP, hash);
}

/** Hash of everything that dist is made from. */
function sourcesHash() {
  const files = ['package.json', 'nest-cli.json', '.swcrc', 'package-lock.json'].map((name) => join(ROOT, name));
  for (const folder of ['apps', 'libs', 'dev', 'bench', 'test/faults', 'test/system'])
    collectSources(join(ROOT, folder), files);
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(`${relative(ROOT, file)}\0`);
    hash.update(existsSync(file) ? readFileSync(file) : '');
    hash.update('\0');
  }
  return hash.digest('hex');
}

function collectSources(folder, files) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collectSources(path, files);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('spec.ts')) files.push(path);
  }
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Runs a program with node_modules/.bin first on the PATH and waits for it. Signals that reach only us are passed on;
 * an interactive child also notices by its channel when we are gone. What a child says that is held back comes in one
 * piece when it has ended, not between the lines of others.
 */
function runChild(name, program, args, { env = {}, isInteractive = false, isHeldBack = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` },
      stdio: isHeldBack ? 'pipe' : isInteractive ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
      // npm is a script on Windows.
      shell: process.platform === 'win32',
    });
    const said = [];
    child.stdout?.setEncoding('utf8').on('data', (text) => said.push(text));
    child.stderr?.setEncoding('utf8').on('data', (text) => said.push(text));
    const passOn = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    // Started by npm, and npm was killed: then nobody can stop the child any more but us.
    const npm = npmAncestor();
    const watch = setInterval(() => {
      if (npm !== null && npmAncestor() !== npm) child.kill('SIGTERM');
    }, 1_000);
    watch.unref();
    const finish = () => {
      clearInterval(watch);
      for (const signal of signals) process.off(signal, passOn);
    };
    child.once('error', (error) => {
      finish();
      console.error(`${program} cannot be run: ${error.message}`);
      reject(new StepFailed(name, 1));
    });
    child.once('close', (code, signal) => {
      finish();
      if (isHeldBack) process.stdout.write(`— ${name}: ${code === 0 ? 'fine' : 'failed'}\n${said.join('')}`);
      if (code === 0) resolve();
      else reject(new StepFailed(name, code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
  });
}

/** The pid of the npm that runs us, directly or through its shell; null when there is none or it cannot be told. */
function npmAncestor() {
  if (process.env.npm_lifecycle_event === undefined) return null;
  const parent = process.ppid;
  try {
    // Linux: field 4 of /proc/<pid>/stat is the parent (proc(5)); the name before it is in brackets.
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    if (!/^(sh|dash|bash|ash)$/.test(name)) return parent;
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return parent;
  }
}
