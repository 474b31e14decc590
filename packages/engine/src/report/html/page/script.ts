/** Reads the charts at the pointer, or at the arrow keys. The page says everything without it, in tooltips and tables. */
export const pageScript = `
'use strict';
(() => {
  const charts = [...document.querySelectorAll('figure.chart')].map((figure) => ({
    svg: figure.querySelector('svg[role=img]'),
    cursor: figure.querySelector('.cursor'),
    out: figure.querySelector('output'),
    lines: JSON.parse(figure.querySelector('script').textContent),
  }));
  const section = document.querySelector('.charts');
  if (!section) return;
  const from = Number(section.dataset.from), to = Number(section.dataset.to);
  const near = ({ at, reads }, t) => {
    let low = 0, high = at.length;
    while (low < high) { const mid = (low + high) >> 1; if (at[mid] <= t) low = mid + 1; else high = mid; }
    if (reads === 'earlier') return low - 1;
    const [a, b] = [low - 1, low];
    const n = b >= at.length || (a >= 0 && t - at[a] <= at[b] - t) ? a : b;
    return n >= 0 && Math.abs(at[n] - t) <= reads.within ? n : -1;
  };
  const zone = section.dataset.zone;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const show = (t) => {
    for (const { svg, cursor, out, lines } of charts) {
      const left = Number(svg.dataset.left), right = Number(svg.dataset.right);
      const x = left + ((t - from) / (to - from)) * (right - left);
      cursor.setAttribute('x1', x); cursor.setAttribute('x2', x);
      const texts = lines.flatMap((line) => { const n = near(line, t); return n < 0 ? [] : [line.name + ' ' + line.text[n]]; });
      out.textContent = clock.format(t) + '  ' + (texts.join('   ') || 'nothing measured');
    }
  };
  const hide = () => {
    for (const { cursor, out } of charts) {
      cursor.setAttribute('x1', -9); cursor.setAttribute('x2', -9);
      out.textContent = '';
    }
  };
  // On a narrow screen, what went wrong is in view, and not the quiet start.
  for (const { svg } of charts) {
    const scroll = svg.parentElement;
    const marks = svg.querySelectorAll('.moment.verdict-fail .mark, .moment.transition .mark');
    const x = marks.length > 0 ? Number(marks[0].getAttribute('x1')) : Number(svg.dataset.right);
    if (scroll.scrollWidth > scroll.clientWidth) scroll.scrollLeft = (x / svg.viewBox.baseVal.width) * scroll.scrollWidth - scroll.clientWidth / 2;
  }
  let now = from;
  const move = (t) => show(now = Math.min(to, Math.max(from, t)));
  for (const { svg } of charts) {
    const left = Number(svg.dataset.left), right = Number(svg.dataset.right);
    svg.addEventListener('pointermove', (event) => {
      const { left: edge, width } = svg.getBoundingClientRect();
      const x = ((event.clientX - edge) / width) * svg.viewBox.baseVal.width;
      move(from + ((x - left) / (right - left)) * (to - from));
    });
    svg.addEventListener('pointerleave', hide);
    svg.addEventListener('blur', hide);
    svg.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      move(now + by * (event.shiftKey ? 10 : 1) * (to - from) / 200);
    });
  }
})();
`;
