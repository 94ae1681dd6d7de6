// The page: one status a second by server-sent events, the charts' seconds by /api/series. Everything it writes is text, never markup:
// keys of rows are whatever the application put there.
import uPlot from './uplot/uPlot.esm.js';

const STAGES = ['captured', 'applied', 'proven'];
const PHASES = ['PREPARED', 'COPYING', 'FOLLOWING', 'READY', 'FENCED', 'DRAINED', 'FLIPPED', 'OPEN', 'SOAKING', 'FINISHED'];
const STATES = {OPEN: '✓ open', CLOSED: '✕ closed', UNKNOWN: '? unknown', OVERRIDDEN: '! overridden'};
const SILENCE_MILLIS = 3500; // the server sends every second
const CHART_SECONDS = 600;

const $ = id => document.getElementById(id);
const el = (tag, className, ...children) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
};

// --- figures with their units ---

const integer = new Intl.NumberFormat('en');
const count = (n, unit) => `${integer.format(n)} ${unit}${n === 1 ? '' : 's'}`;

function duration(millis) {
  if (millis === null || millis === undefined) return 'unknown';
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 10_000) return `${(millis / 1000).toFixed(2)} s`;
  const seconds = Math.floor(millis / 1000);
  if (seconds < 60) return `${(millis / 1000).toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

const clockTime = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const time = instant => clockTime.format(new Date(instant));

// --- what was heard last, and when ---

let status = null;
let serverMillis = 0;
let heardAt = -Infinity;

/** The server's clock: this machine's may differ, and ages are of the server's figures. */
const serverNow = () => serverMillis + (performance.now() - heardAt);

// --- parts of the page; each is redrawn only when its content has changed, so that text can be selected ---

const drawn = new Map();
function redraw(id, content, build) {
  const fingerprint = JSON.stringify(content);
  if (drawn.get(id) === fingerprint) return;
  drawn.set(id, fingerprint);
  $(id).replaceChildren(...build());
}

const fact = (name, value) => [el('dt', '', name), el('dd', '', value)];

function show() {
  document.title = `${status.phase.toLowerCase()} · ${status.migration} · Lockstep`;
  $('migration').textContent = status.migration;
  $('source').textContent = `${status.source.engine} ${status.source.version}`;
  $('target').textContent = `${status.target.engine} ${status.target.version}`;
  $('awaited').textContent = status.awaited;
  $('paused').hidden = !status.paused;
  if (status.paused) $('paused').textContent = `Paused: ${status.paused.change}. ${status.paused.remedy}`;
  $('troubles').textContent = (status.troubles ?? []).join(' · ');
  $('troubles').hidden = !(status.troubles ?? []).length;
  $('started').textContent = `started ${time(status.startedAt)}`;
  $('window').textContent =
      `p50 to max over the last ${status.lag.applied?.windowSeconds ?? '?'} s`;
  STAGES.forEach(showLag);
  showPhases();
  showGates();
  showFlow();
  showForecast();
  showCutover();
  showSoak();
  showMismatches();
  showProof();
}

function showLag(stage) {
  const lag = status.lag[stage] ?? {};
  $(`lag-${stage}`).textContent = duration(lag.nowMillis);
  redraw(`stats-${stage}`, lag, () => lag.nowMillis === null || lag.nowMillis === undefined
      ? [el('div', 'none', 'no barrier has reached this stage yet')]
      : ['p50', 'p95', 'p99', 'max'].map(name =>
          el('div', '', el('dt', '', name), el('dd', '', duration(lag[`${name}Millis`])))));
}

function showPhases() {
  const entered = new Map(status.phases.map(entry => [entry.phase, entry]));
  const order = status.phase === 'ROLLED_BACK' ? [...PHASES.filter(p => entered.has(p)), 'ROLLED_BACK'] : PHASES;
  const current = order.indexOf(status.phase);
  redraw('phases', [status.phase, status.phases], () => order.map((phase, i) => {
    const entry = entered.get(phase);
    const item = el('li', i < current ? 'done' : i === current ? 'current' : '',
        el('b', '', phase.toLowerCase().replace('_', ' ')), i <= current && entry ? time(entry.at) : '');
    if (i === current) item.append(aged('phaseSince'));
    if (phase === 'ROLLED_BACK') item.classList.add('back');
    if (i === current) item.setAttribute('aria-current', 'step');
    if (entry) item.title = `${entry.reason} (${entry.at})`;
    return item;
  }));
}

function aged(figure) {
  const node = el('span', 'age');
  node.dataset.age = figure;
  return node;
}

function showGates() {
  $('hold').max = status.holdSeconds || 1;
  $('hold').value = Math.min(status.gatesOpenForSeconds, status.holdSeconds);
  $('hold-text').textContent = status.gates.length === 0
      ? 'Not judged in this phase'
      : status.gates.every(gate => gate.state === 'OPEN' || gate.state === 'OVERRIDDEN')
          ? `All open for ${integer.format(Math.floor(status.gatesOpenForSeconds))} s of ${integer.format(status.holdSeconds)} s`
          : `Not all open; they must stay open for ${integer.format(status.holdSeconds)} s`;
  redraw('gates', status.gates, () => status.gates.map(gate => el('li', '',
      el('span', `state ${gate.state.toLowerCase()}`, STATES[gate.state] ?? gate.state),
      el('span', '', words(gate.rule)),
      ...(gate.reason ? [el('span', 'reason', gate.reason)] : []))));
}

/** deadLetters → dead letters */
const words = name => name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

/** A copy under way: how far a database has been read. */
function reading(side, copy) {
  if (!copy || copy.done) return [];
  const of = copy.estimatedRows === null ? '' : ` of about ${integer.format(copy.estimatedRows)}`;
  const left = copy.secondsLeft === null ? '' : `, about ${integer.format(Math.ceil(copy.secondsLeft))} s left`;
  const note = copy.note ? `; waits for ${copy.note}` : '';
  return fact(`${side} read`, `${integer.format(copy.rows)}${of} rows, ${integer.format(Math.round(copy.bytes / 1e6))} MB, `
      + `${integer.format(Math.round(copy.rowsPerSecond))} rows/s${left}${note}`);
}

function showFlow() {
  const {copy, changes, deadLetters, scan} = status;
  redraw('flow', [copy, changes, deadLetters?.open, scan], () => [
    ...fact('Initial copy', count(copy.rows, 'row')),
    ...fact('Copied in', copy.seconds > 0 ? `${copy.seconds.toFixed(1)} s, ${integer.format(Math.round(copy.rowsPerSecond))} rows/s` : '–'),
    ...reading('Source', status.copy.source),
    ...reading('Target', status.copy.target),
    ...fact('Changes captured', count(changes.captured, 'row')),
    ...fact('Changes applied', count(changes.applied, 'row')),
    ...fact('Applied now', `${integer.format(Math.round(changes.perSecond))} rows/s`),
    ...fact('Set aside as refused', deadLetters ? count(deadLetters.open, 'row') : 'unknown'),
    ...fact('Scanned clean', `${scan.tables.filter(table => table.clean).length} of ${count(status.proof.tables.length + status.proof.byScan.length, 'table')}`),
    ...(status.proof.byScan.length ? fact('Proven by scan alone', status.proof.byScan.join(', ')) : []),
    ...fact('Scanning now', scan.table ? `${scan.table}, ${integer.format(scan.rowsPerSecond)} rows/s` : 'no'),
    ...fact('Differ by a scan', count(scan.differences, 'row')),
  ]);
}

function showCutover() {
  const cutover = status.cutover;
  $('cutover-panel').hidden = !cutover;
  if (!cutover) return;
  const dns = cutover.dns;
  redraw('cutover', cutover, () => [
    ...fact('Writes paused for', duration(cutover.writePauseMillis)),
    ...(dns ? [...fact('DNS before', dns.before.join(', ')), ...fact('DNS after', dns.after.join(', ')),
      ...fact('Zone serial', `${dns.serialBefore ?? 'unknown'} → ${dns.serialAfter ?? 'unknown'}`)] : []),
  ]);
}

/** The next move, as it was rehearsed last. */
function showForecast() {
  const forecast = status.forecast;
  $('forecast-panel').hidden = !forecast;
  if (!forecast) return;
  redraw('forecast', forecast, () => [
    ...fact('Move', forecast.move),
    ...fact('Writes would pause', `${forecast.complete ? '' : 'more than '}${duration(forecast.expectedMillis)}`),
    ...fact('At worst', duration(forecast.upperMillis)),
    ...fact('Given up after', duration(forecast.budgetMillis)),
    ...fact('Drills', integer.format(forecast.drills)),
    ...(forecast.trouble ? fact('Trouble', forecast.trouble) : []),
  ]);
}

/** What is watched while the application writes on the target. */
function showSoak() {
  const soak = status.soak;
  $('soak-panel').hidden = !soak;
  if (!soak) return;
  const {check, stragglers} = soak;
  $('alarm').hidden = !soak.alarm;
  $('alarm').textContent = soak.alarm;
  redraw('soak', soak, () => [
    ...fact('Since', time(soak.since)),
    ...fact('Suggested until', soak.suggestedUntil),
    ...(check ? fact('Your check', check.failures === 0 ? 'passed' : `failed ${count(check.failures, 'time')} in a row: ${check.said}`) : []),
    ...(check ? fact('Its newest runs', `${check.newest.filter(run => !run.passed).length} of ${check.newest.length} failed, the slowest took ${integer.format(Math.max(...check.newest.map(run => run.millis)))} ms`) : []),
    ...(soak.reports.length ? fact('Reports', soak.reports.join(', ')) : []),
    ...fact('Still on the source', stragglers ? count(stragglers.sessions, 'session') : 'not looked at yet'),
    ...(stragglers?.trouble ? fact('Cannot be looked at', stragglers.trouble) : []),
  ]);
  const clients = stragglers?.clients ?? [];
  redraw('stragglers', clients, () => clients.length === 0
      ? [el('tr', '', spanning(6, 'None seen'))]
      : clients.map(client => el('tr', '', el('td', '', client.user), el('td', '', client.client),
          el('td', 'number', integer.format(client.sessions)), el('td', 'number', integer.format(client.most)),
          el('td', 'number', client.refused === null ? 'unknown' : integer.format(client.refused)), moment(client.lastSeen))));
}

function showMismatches() {
  const shown = status.mismatches.length;
  const all = status.proof.mismatches;
  $('mismatch-count').textContent = all > shown ? `${count(all, 'row')}, the first ${shown} shown` : count(all, 'row');
  redraw('mismatches', status.mismatches, () => shown === 0
      ? [el('tr', '', spanning(4, 'None known'))]
      : status.mismatches.map(row => el('tr', 'differs', el('td', '', row.table), el('td', 'row-key', row.key),
          el('td', '', el('span', 'state closed', row.kind.toLowerCase())), moment(row.firstSeen))));
}

function showProof() {
  const {barriers, tables} = status.proof;
  const equal = tables.filter(table => table.equal).length;
  $('proof-count').textContent = tables.length === 0
      ? 'nothing proven yet'
      : `${equal} of ${count(tables.length, 'table')} equal, ${count(barriers, 'barrier')} proven`;
  redraw('tables', tables, () => tables.length === 0
      ? [el('tr', '', spanning(6, 'No verdict yet'))]
      : tables.map(table => el('tr', table.equal ? '' : 'differs', el('td', '', table.table),
          el('td', 'number', integer.format(table.rowsSource)), el('td', 'number', integer.format(table.rowsTarget)),
          el('td', 'digest', table.digestSource), el('td', 'digest', table.digestTarget),
          el('td', '', table.equal
              ? el('span', 'state open', '✓ equal')
              : el('span', 'state closed', `✕ differs, ${count(table.mismatches, 'row')} known`)))));
}

function moment(instant) {
  const cell = el('td', '', time(instant));
  cell.title = instant;
  return cell;
}

function spanning(columns, text) {
  const cell = el('td', 'none', text);
  cell.colSpan = columns;
  return cell;
}

// --- ages, and whether anybody is still talking ---

function showAges() {
  if (!status) return;
  const lost = performance.now() - heardAt > SILENCE_MILLIS || events.readyState !== EventSource.OPEN;
  const age = Math.max(0, serverNow() - Date.parse(status.at));
  document.body.dataset.connection = lost ? 'lost' : 'live';
  // The exact age is for eyes; a screen reader is told of the change only.
  const text = lost ? 'Connection lost: nothing below is current' : age > SILENCE_MILLIS ? 'Live, but figures are old' : 'Live';
  if ($('connection').dataset.text !== text) $('connection').textContent = $('connection').dataset.text = text;
  for (const node of document.querySelectorAll('[data-age]')) {
    const at = node.dataset.age.split('.').reduce((part, name) => part?.[name], status);
    node.textContent = at ? `${node.dataset.says ?? ''} ${ago(Date.parse(at))}` : '';
  }
}

const ago = millis => {
  const age = Math.max(0, serverNow() - millis);
  return age < 10_000 ? `${(age / 1000).toFixed(1)} s ago` : `${duration(Math.floor(age / 1000) * 1000).replace(/\.\d/, '')} ago`;
};

// --- charts ---

const points = new Map(); // by second
let charts = [];

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function axes(unit, size) {
  const common = {stroke: colour('dim'), font: '11px system-ui', grid: {stroke: colour('line'), width: 1}, ticks: {show: false}};
  return [
    {...common, values: (u, ticks) => ticks.map(t => clockTime.format(new Date(t * 1000)).slice(0, t % 60 ? 8 : 5)), space: 80, size: 26},
    {...common, size, values: (u, ticks) => ticks.map(t => `${integer.format(t)} ${unit}`)},
  ];
}

function chart(id, unit, series) {
  const box = $(id);
  const options = {
    width: box.clientWidth, height: box.clientHeight, legend: {show: false}, padding: [8, 8, 0, 0],
    cursor: {sync: {key: 'time'}, points: {size: 6}, drag: {x: false, y: false}},
    scales: {y: {range: (u, min, max) => [0, Math.max(max ?? 0, unit === 's' ? 0.5 : 10) * 1.1]}},
    axes: axes(unit, 74),
    series: [{}, ...series],
    hooks: {setCursor: [u => readOut(u.cursor.idx)]},
  };
  return new uPlot(options, columns(id), box);
}

function columns(id) {
  const all = [...points.values()];
  const seconds = value => value === null || value === undefined ? null : value / 1000;
  const x = all.map(p => Date.parse(p.at) / 1000);
  return id === 'lag-chart'
      ? [x, ...STAGES.map(stage => all.map(p => seconds(p[`${stage}Millis`])))]
      : [x, all.map(p => p.capturedRows), all.map(p => p.appliedRows)];
}

function draw() {
  charts.forEach(chart => chart.destroy());
  charts = [
    chart('lag-chart', 's', [
      {stroke: colour('captured'), width: 1.25, points: {show: false}},
      {stroke: colour('applied'), width: 2.25, points: {show: false}},
      {stroke: colour('proven'), width: 1.5, dash: [5, 4], points: {show: false}},
    ]),
    chart('rows-chart', 'rows/s', [
      {stroke: colour('captured'), width: 1.25, points: {show: false}},
      {stroke: colour('applied'), width: 1.5, fill: `${colour('applied')}2a`, points: {show: false}},
    ]),
  ];
}

function readOut(index) {
  const point = index === null || index === undefined ? null : [...points.values()][index];
  $('readout').textContent = point
      ? `${time(point.at)}  ${STAGES.map(stage => `${stage} ${duration(point[`${stage}Millis`])}`).join(', ')}, ${integer.format(point.appliedRows)} rows/s applied`
      : '';
}

function describe() {
  const worst = stage => Math.max(-1, ...[...points.values()].map(p => p[`${stage}Millis`] ?? -1));
  const words = STAGES.map(stage => `${stage} ${worst(stage) < 0 ? 'unknown' : `at most ${duration(worst(stage))}`}`);
  $('lag-chart').setAttribute('aria-label', `Lag over the last ten minutes: ${words.join(', ')}`);
}

let newestPoint = '';
let asking = false;
async function extendSeries() {
  if (asking) return;
  asking = true;
  try {
    const response = await fetch(`api/series${newestPoint ? `?after=${encodeURIComponent(newestPoint)}` : ''}`);
    if (!response.ok) return;
    for (const point of await response.json()) {
      points.set(point.at, point);
      newestPoint = point.at;
    }
    for (const at of points.keys()) {
      if (points.size <= CHART_SECONDS) break;
      points.delete(at); // oldest first: a Map keeps its order
    }
    charts[0].setData(columns('lag-chart'));
    charts[1].setData(columns('rows-chart'));
    describe();
  } catch {
    // The server is gone: the events say so, and the next one asks again.
  } finally {
    asking = false;
  }
}

// --- listening ---

let events;
function listen() {
  events = new EventSource('api/events');
  events.addEventListener('status', event => {
    status = JSON.parse(event.data);
    serverMillis = Number(event.lastEventId);
    heardAt = performance.now();
    show();
    showAges();
    extendSeries();
  });
  events.onerror = () => {
    showAges();
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000); // the browser has given up; we have not
  };
}

draw();
new ResizeObserver(() => charts.forEach(chart => chart.setSize({width: chart.root.parentNode.clientWidth, height: chart.root.parentNode.clientHeight})))
    .observe($('lag-chart'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
setInterval(showAges, 250);
listen();
