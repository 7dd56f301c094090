// The table of bench/run: medians, spread, goals, and how many times as fast we are.

const number = (value) => (value >= 1000 ? Math.round(value).toLocaleString('en-US') : value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const spread = ({ median, low, high }) => `${Math.round((100 * (low - median)) / median)}…+${Math.round((100 * (high - median)) / median)} %`;
const ours = (row) => row.contender.startsWith('chainrule');

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd()).join('\n');
}

/** The goal for this machine: goals were set for a certain peak. */
function scaled_goal(work, threads, scale) {
  const goal = work.goal[threads - 1];
  if (!goal) return null;
  return work.unit === 'ms' ? goal / scale : goal * scale;
}

const ratio_of = (work, mine, other) => (work.unit === 'ms' ? other / mine : mine / other);

function work_rows(work, report) {
  const all = report.results.filter((row) => row.work === work.id);
  const mine = all.filter((row) => row.contender === 'chainrule, Chromium' && row.rate);
  const best = mine.length > 0 ? mine.at(-1).rate.median : null;
  return all.map((row) => {
    const name = `${row.contender}${row.threads > 1 ? `, ${row.threads} threads` : ''}`;
    if (!row.rate) return [work.title, name, '—', '', work.unit, '', ''];
    const goal = ours(row) && row.contender !== 'chainrule, native' ? scaled_goal(work, row.threads, report.goal_scale) : null;
    const reached = goal ? `${Math.round(100 * ratio_of(work, row.rate.median, goal))} % of ${number(goal)}` : '';
    const ratio = best && !ours(row) ? `${ratio_of(work, best, row.rate.median).toPrecision(3)}×` : '';
    return [work.title, name, number(row.rate.median), spread(row.rate), work.unit, reached, ratio];
  });
}

/** The greatest relative difference of each contender's first losses from ours: [{ work, contender, difference }]. */
export function loss_differences(results) {
  const differences = [];
  for (const row of results.filter(({ losses }) => losses)) {
    const reference = results.find((other) => other.work === row.work && other.contender === 'chainrule, Chromium' && other.losses);
    if (!reference || reference === row) continue;
    const difference = Math.max(...row.losses.map((loss, i) => Math.abs(loss / reference.losses[i] - 1)));
    differences.push({ work: row.work, contender: row.contender, threads: row.threads, difference });
  }
  return differences;
}

export function table_text(report) {
  const parts = [];
  const { peaks } = report;
  parts.push(`Packed multiply and add on one core: native ${number(peaks.native / 1e9)}, node ${number(peaks.node / 1e9)}, Chromium ` +
    `${number(peaks.chromium / 1e9)} GFLOP/s; goals are scaled by ${report.goal_scale.toFixed(2)}. Chromium ${report.chromium}, node ${report.node}.`);
  parts.push(aligned([['work', 'by', 'median', 'middle 80 %', 'unit', 'goal', 'we, in Chromium'], ...report.works.flatMap((work) => work_rows(work, report))]));
  const reasons = report.results.filter((row) => row.reason);
  if (reasons.length > 0) {
    parts.push('— means: not done, because\n' + [...new Set(reasons.map((row) => `  ${row.contender}, ${row.work === '*' ? 'all works' : row.work}: ${row.reason}`))].join('\n'));
  }
  const starts = Object.entries(report.starts).map(([name, rate]) => [name === 'app' ? 'app: its first frame' : `${name}: its first trained step`, '', number(rate.median), spread(rate), 'ms']);
  parts.push(aligned([['start', '', 'median', 'middle 80 %', 'unit'], ...starts]));
  const { frames } = report;
  parts.push(`While LeNet trains at full speed (${number(frames.images_per_second)} images/s in the app), a frame costs the page's own thread ` +
    `${number(frames.median)} ms at the median, and 95 of 100 less than ${number(frames.p95)} ms (goal 8), software rendering included.`);
  parts.push(aligned([['size, compressed', '', 'kB'], ...Object.entries(report.sizes).map(([name, bytes]) => [name, '', (bytes / 1000).toFixed(0)])]));
  if (report.losses.length > 0) {
    const worst = report.losses.map(({ work, contender, threads, difference }) => [`${work}`, `${contender}${threads > 1 ? `, ${threads} threads` : ''}`, difference.toExponential(1)]);
    parts.push(aligned([['first losses', 'by', 'differ from ours by'], ...worst]));
  }
  return parts.join('\n\n');
}
