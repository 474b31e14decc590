/** The look of the page: system fonts, few colours, each state also has its symbol. */
export const pageStyle = `
:root{color-scheme:light dark;--bg:#fbfbfa;--panel:#fff;--ink:#1d2328;--soft:#5c6670;--line:#e3e5e8;--grid:#eceef0;
--blue:#1f6feb;--green:#1a7f4b;--red:#c62b36;--amber:#9a6200;--gray:#7a848e;--dark-red:#8e1420;
--green-bg:#e8f5ee;--red-bg:#fcebec;--amber-bg:#fdf3dd;--gray-bg:#f1f3f4;--blue-bg:#e8f0fe;--hold:#1f6feb0d}
@media(prefers-color-scheme:dark){:root{--bg:#14171a;--panel:#1b1f23;--ink:#e4e7ea;--soft:#9aa4ae;--line:#30363c;--grid:#282d32;
--blue:#6aa9ff;--green:#57c68b;--red:#ff7b84;--amber:#e5b04f;--gray:#8b959f;--dark-red:#ff9aa0;
--green-bg:#173527;--red-bg:#3d1d21;--amber-bg:#3a2d12;--gray-bg:#24292e;--blue-bg:#182c49;--hold:#6aa9ff12}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:28px 24px 48px}
h1{font-size:30px;line-height:1.2;margin:8px 0 4px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:19px;margin:40px 0 12px;letter-spacing:-.005em}
h3{font-size:15.5px;margin:26px 0 6px}
h4{font-size:14px;margin:0}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace}
a{color:inherit;text-decoration-color:var(--gray);text-underline-offset:2px}
.note{color:var(--soft);font-size:13px;font-weight:400}
.patterns{position:absolute}
header{border-top:5px solid var(--tone);background:var(--panel);border-radius:0 0 10px 10px;box-shadow:0 0 0 1px var(--line);padding:20px 24px 18px}
.badge{display:inline-block;margin:0;padding:3px 12px;border-radius:99px;background:var(--tone-bg);color:var(--tone);font-weight:650}
.because{margin:2px 0 0;font-size:16px;color:var(--soft);overflow-wrap:anywhere}
.outcome-succeeded{--tone:var(--green);--tone-bg:var(--green-bg)}
.outcome-partially-succeeded,.outcome-rolled-back,.outcome-stopped{--tone:var(--amber);--tone-bg:var(--amber-bg)}
.outcome-failed,.outcome-rollback-failed{--tone:var(--red);--tone-bg:var(--red-bg)}
.outcome-running{--tone:var(--blue);--tone-bg:var(--blue-bg)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px 24px;margin:18px 0 0}
.facts dt{font-size:12px;color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.attention article{border-left:4px solid var(--red);background:var(--panel);box-shadow:0 0 0 1px var(--line);border-radius:4px 8px 8px 4px;
padding:12px 18px;margin:0 0 10px}
.attention .rolled-back{border-color:var(--amber)}.attention .waiting{border-color:var(--blue)}
.attention pre,.words pre{max-height:320px;overflow:auto;margin:4px 0;padding:6px 8px;background:var(--bg);border:1px solid var(--line);font:12px/1.45 ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace;white-space:pre}.words pre{white-space:pre-wrap}
.attention h3{margin:0 0 2px}.attention p,.attention ul{margin:2px 0;overflow-wrap:anywhere}.attention ul{padding-left:20px}
.hint::before{content:"→ ";color:var(--blue);font-weight:700}
.hint{color:var(--ink)}
.scroll{overflow-x:auto;border-radius:8px}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
.graph{display:block;background:var(--panel);box-shadow:inset 0 0 0 1px var(--line);border-radius:8px}
.graph text{font:500 12.5px system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;fill:var(--ink)}
.graph .note{font-size:11px;font-weight:400;fill:var(--soft)}
.graph .frame{fill:var(--bg);stroke:var(--line);stroke-width:1.2}
.graph .group .name{font-weight:650}.graph .group .symbol{fill:var(--tone);font-weight:700}
.graph .node{fill:var(--panel);stroke:var(--tone);stroke-width:1.3}
.graph .dot{fill:var(--tone)}.graph .step .symbol{fill:var(--panel);font-weight:700}
.graph a{text-decoration:none}.graph a:hover .node{stroke-width:2.4}.graph a:focus-visible .node{stroke:var(--blue);stroke-width:3}
.graph .edge{fill:none;stroke:var(--gray);stroke-width:1.4}.graph .edge.finally{stroke-dasharray:3 4}
.graph marker path{fill:none;stroke:var(--gray);stroke-width:1.4}
.state-pending,.state-skipped{--tone:var(--gray)}.state-cancelled{--tone:var(--gray)}
.state-running,.state-waiting{--tone:var(--blue)}.state-succeeded{--tone:var(--green)}
.state-failed,.state-unknown,.state-rollback-failed{--tone:var(--red)}.state-rolled-back,.state-rolling-back{--tone:var(--amber)}
.graph .state-rolled-back .node,.graph .state-rolled-back .frame{stroke:var(--amber);stroke-dasharray:6 3;fill:var(--amber-bg)}
.graph .broken .node{stroke:var(--red);stroke-width:2.6}.graph .state-failed .node{fill:var(--red-bg)}.graph .state-failed .frame{stroke:var(--red)}
.graph .state-pending .node,.graph .state-cancelled .node,.graph .state-skipped .node{stroke:var(--line)}
.graph .state-cancelled .name,.graph .state-skipped .name,.graph .state-pending .name{fill:var(--soft)}
.chart{margin:0 0 18px;background:var(--panel);box-shadow:0 0 0 1px var(--line);border-radius:8px;padding:12px 14px 6px}
.chart figcaption{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}
.chart svg[role=img]{display:block;width:100%;min-width:680px}
.chart text{font:11.5px system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;fill:var(--soft)}
.readout{margin-left:auto;font-size:13px;font-weight:600;min-height:1.5em}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;list-style:none;margin:0;padding:0;font-size:12.5px;color:var(--soft);flex-basis:100%}
.legend svg{margin-right:5px;vertical-align:-1px}
.grid{stroke:var(--grid);stroke-width:1}.base{stroke:var(--gray);stroke-width:1}
.hold{fill:var(--hold);stroke:var(--blue);stroke-opacity:.35;stroke-dasharray:2 3}
.weight-line{fill:none;stroke:var(--blue);stroke-width:2.2}.weight-area{fill:var(--blue);opacity:.13}
.weight-point circle{fill:var(--blue)}.chart .weight-point text{fill:var(--ink);font-weight:600}
.series path{fill:none;stroke:var(--c);stroke-width:1.7;stroke-linejoin:round}.series circle{fill:var(--c)}
.series.candidate{--c:var(--blue)}.series.baseline{--c:var(--gray)}.series.baseline path{stroke-width:1.3}
.limit path{fill:none;stroke:var(--c);stroke-width:1.4;stroke-dasharray:var(--dash)}.beyond{fill:var(--red);opacity:.06}
.limit.max,.limit.min,.limit-label.max,.limit-label.min{--c:var(--red);--dash:7 3}
.limit.warn,.limit-label.warn{--c:var(--amber);--dash:2 3}.limit.critical,.limit-label.critical{--c:var(--dark-red);--dash:9 3 2 3}
.chart .limit-label{fill:var(--c);font-weight:600}
.hatch{stroke:var(--gray);stroke-width:2.4;opacity:.55}.cross{stroke:var(--red);stroke-width:1;opacity:.75}
.gap.no-data{fill:url(#no-data)}.gap.error{fill:url(#error)}
.moment .reach{stroke:transparent;stroke-width:9}.moment .mark{stroke:var(--gray);stroke-width:1;stroke-dasharray:1 3}
.moment.transition .mark{stroke:var(--amber);stroke-width:2;stroke-dasharray:none}.chart .moment.transition text{fill:var(--amber);font-weight:600}
.moment.verdict-fail .mark{stroke:var(--red);stroke-dasharray:none;stroke-width:1.5}
.verdict{--c:var(--gray);--c-bg:var(--gray-bg)}.verdict.pass{--c:var(--green);--c-bg:var(--green-bg)}
.verdict.warn{--c:var(--amber);--c-bg:var(--amber-bg)}
.verdict.fail,.verdict.error{--c:var(--red);--c-bg:var(--red-bg)}
.verdict rect{fill:var(--c-bg);stroke:var(--c)}.verdict.fail rect{fill:var(--c)}.chart .verdict text{fill:var(--c);font-weight:600}
.verdict.inconclusive rect{stroke-dasharray:3 2}
.cursor{stroke:var(--ink);stroke-width:1;opacity:.55;pointer-events:none}
table{border-collapse:collapse;width:100%;min-width:680px;font-size:13.5px;background:var(--panel);box-shadow:inset 0 0 0 1px var(--line)}
th,td{text-align:left;vertical-align:top;padding:7px 12px;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-size:12px;color:var(--soft);font-weight:600}
.group th{background:var(--gray-bg);font-weight:650}.group span[class^=state]{color:var(--tone);font-weight:600;margin-left:8px}
.key{font-weight:600;overflow-wrap:anywhere}th .note{display:block}.group th .note{display:inline;margin-left:6px}
.steps th[scope=row]{min-width:190px;max-width:280px}.state{color:var(--tone);font-weight:600;white-space:nowrap}.state .note{display:block}
.number{text-align:right;white-space:nowrap}.time{white-space:nowrap;color:var(--soft)}
.words{overflow-wrap:anywhere;min-width:220px}.words p{margin:0 0 3px}.output{color:var(--soft)}summary{cursor:pointer;color:var(--amber)}.words p{white-space:pre-line}
ol{margin:4px 0;padding-left:20px}
.verdict-word{font-weight:600;white-space:nowrap}.verdict-word.pass{color:var(--green)}.verdict-word.warn{color:var(--amber)}
.verdict-word.fail,.verdict-word.error{color:var(--red)}
tr.broken th[scope=row]{box-shadow:inset 4px 0 0 var(--red)}tr.broken .state .note{color:var(--red)}
tr:target{background:var(--blue-bg)}
footer{margin-top:36px;color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}
@media(max-width:700px){table,tbody,tr,th,td{display:block}thead{display:none}table{min-width:0}th,td{border:0;padding:1px 12px}
tr{border-bottom:1px solid var(--line);padding:6px 0}tr.group{padding:0}td:empty{display:none}.number{text-align:left}
td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-weight:400}.steps th[scope=row]{max-width:none}.words{min-width:0}}
@media(max-width:640px){main{padding:14px 12px 32px}header{padding:16px}h1{font-size:24px}.facts{grid-template-columns:repeat(2,1fr);gap:10px 14px}
.readout{margin-left:0;flex-basis:100%}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:12px}main{max-width:none;padding:0}
.chart,.attention article,tr{break-inside:avoid}.scroll{overflow:visible}.graph{max-width:100%;height:auto}.readout{display:none}
h2,h3{break-after:avoid}}
`;
