import { createHash } from 'node:crypto'
import { Html } from '../../words/html.ts'

/** Written for the page alone: two colour schemes, a phone, and paper. */
const css = `
:root{--bg:#f5f6f8;--card:#fff;--ink:#171c26;--soft:#5b6577;--line:#e3e7ed;--accent:#3d4ed8;--good:#11734a;--good-bg:#e4f5ec;--bad:#b3261e;--bad-bg:#fdeceb;--warn:#8a5200;--warn-bg:#fdf1dc;--new:#2b4acb;--new-bg:#e8edfd;--plain-bg:#eceff3;--code:#f1f3f6;--bar:#5c6cf0;--track:#edf0f4;--hero:#151b33;--hero2:#2c3a86}
@media (prefers-color-scheme:dark){:root{--bg:#0f1218;--card:#181d26;--ink:#e8ebf1;--soft:#9ba6b8;--line:#2a313d;--accent:#9aa8ff;--good:#62d39b;--good-bg:#12301f;--bad:#ff8f86;--bad-bg:#3a1715;--warn:#f2bd67;--warn-bg:#35260d;--new:#9db2ff;--new-bg:#1a2450;--plain-bg:#262d39;--code:#10141b;--bar:#7483ff;--track:#252c38;--hero:#12172b;--hero2:#232e6b}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
header,main,footer{padding:0 max(20px,calc((100vw - 1060px)/2))}
header{background:linear-gradient(135deg,var(--hero),var(--hero2));color:#fff;padding-top:28px;padding-bottom:76px}
.brand{display:flex;align-items:center;gap:8px;font-weight:700;letter-spacing:.01em}
.brand svg{width:22px;height:22px;fill:#aab6ff}
.eyebrow{margin:34px 0 4px;text-transform:uppercase;letter-spacing:.14em;font-size:12px;font-weight:600;color:#b9c2ee}
h1{margin:0;font-size:clamp(27px,4.6vw,42px);line-height:1.15;letter-spacing:-.02em;overflow-wrap:anywhere}
.way{margin:12px 0 0;font-size:20px;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
.way span{color:#aab6ff}.way small{font-size:15px;color:#c4cbee}
.facts{margin:6px 0 0;color:#c4cbee}
.verdict{display:flex;gap:16px;align-items:center;margin:26px 0 0;padding:18px 22px;border-radius:14px;background:var(--card);color:var(--ink);border-left:6px solid}
.verdict.good{border-color:#1d9b66}.verdict.bad{border-color:#d63a30}
.verdict strong{font-size:21px;letter-spacing:-.01em}.verdict.good strong{color:var(--good)}.verdict.bad strong{color:var(--bad)}
.verdict p{margin:2px 0 0;color:var(--soft)}
.mark{width:42px;height:42px;flex:none}.mark path{fill:none;stroke:#fff;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
.good .mark circle{fill:#1d9b66}.bad .mark circle{fill:#d63a30}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:14px 0 0}
.tiles div{background:rgba(255,255,255,.09);border:1px solid rgba(255,255,255,.13);border-radius:12px;padding:14px 16px}
.tiles dt{font-size:13px;color:#c4cbee}.tiles dd{margin:0;font-size:25px;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tiles .note{font-size:13px;font-weight:400;letter-spacing:0;color:#c4cbee}
nav{position:sticky;top:0;z-index:2;display:flex;gap:4px;overflow-x:auto;margin:-46px max(20px,calc((100vw - 1060px)/2)) 0;padding:7px;background:var(--card);border:1px solid var(--line);border-radius:12px;box-shadow:0 8px 24px rgba(10,16,40,.10);scrollbar-width:none}
nav a{flex:none;padding:6px 12px;border-radius:8px;color:var(--soft);text-decoration:none;font-size:14.5px}
nav a:hover,nav a:focus{background:var(--plain-bg);color:var(--ink)}
section{scroll-margin-top:64px;padding-top:40px}
h2{margin:0 0 4px;font-size:26px;letter-spacing:-.02em}
h3{margin:0 0 6px;font-size:17px;letter-spacing:-.01em;display:flex;align-items:center;gap:8px}
.lead{margin:0 0 16px;color:var(--soft);max-width:88ch;text-wrap:pretty}
h2+.card,h2+.pair,h2+details{margin-top:14px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:18px 22px;margin:0 0 14px}
.card>p{margin:0 0 12px;color:var(--soft);max-width:88ch;text-wrap:pretty}.card>:last-child{margin-bottom:0}
.count{background:var(--plain-bg);color:var(--soft);border-radius:99px;padding:1px 9px;font-size:13px;font-weight:600}
.empty{margin:0;color:var(--soft)}.empty.bad{color:var(--bad);font-weight:600}.muted,.more{color:var(--soft)}.more{font-size:14px;margin:8px 0 0}
a{color:var(--accent)}
code,pre{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{background:var(--code);border-radius:5px;padding:1px 5px;overflow-wrap:anywhere}code.long{font-size:12.5px}
pre{margin:0;background:var(--code);border:1px solid var(--line);border-radius:10px;padding:14px 16px;white-space:pre-wrap;overflow-wrap:anywhere;max-height:420px;overflow-y:auto}
pre+p{margin:12px 0 0}
pre.commands{background:#151b2c;color:#e6eaf6;border-color:#151b2c}
.pill{display:inline-block;border-radius:99px;padding:1px 10px;font-size:13px;font-weight:600;white-space:nowrap;background:var(--plain-bg);color:var(--soft)}
.pill.good{background:var(--good-bg);color:var(--good)}.pill.bad{background:var(--bad-bg);color:var(--bad)}.pill.warn{background:var(--warn-bg);color:var(--warn)}.pill.new{background:var(--new-bg);color:var(--new)}
table{width:100%;border-collapse:collapse;font-size:15px}
th{text-align:left;font-size:13px;font-weight:600;color:var(--soft);padding:0 12px 8px 0;border-bottom:1px solid var(--line)}
td{padding:9px 12px 9px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}td:first-child{min-width:200px}td details{border:0;margin:0}td summary{padding:0;font-weight:400}td .folded{padding:8px 0 0}th:last-child,td:last-child{padding-right:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}th.number,td.number{padding-right:28px}
.entries,.modules{list-style:none;margin:0;padding:0}
.entries>li{border-top:1px solid var(--line);padding:10px 0}.entries>li:first-child{border-top:0;padding-top:2px}.entries>li:last-child{padding-bottom:0}
.entries b{overflow-wrap:anywhere}.outcome{color:var(--soft)}
.factline{display:flex;flex-wrap:wrap;gap:0 16px;font-size:14px;color:var(--soft)}.factline i,.figure i{font-style:normal}.factline>span{min-width:0;overflow-wrap:anywhere}.figure{white-space:pre-wrap;margin-right:10px}
.applications{columns:2;column-gap:14px}.application{break-inside:avoid;display:inline-block;width:100%}
.application .factline{margin:0}.application .factline:empty{display:none}.modules{margin-top:8px!important}.modules li{padding:3px 0}
details{background:var(--card);border:1px solid var(--line);border-radius:12px;margin:0 0 10px}
details details,.card details{background:none}
summary{cursor:pointer;padding:12px 18px;font-weight:550;list-style:none;display:flex;align-items:center;gap:8px;flex-wrap:wrap}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;width:7px;height:7px;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(-45deg);transition:transform .12s}
details[open]>summary::before{transform:rotate(45deg)}
.folded{padding:2px 18px 16px}
.entries details{border:0;border-radius:0;margin:0}.entries summary{padding:0;font-weight:400}.entries .folded{padding:10px 0 2px 15px}.entries summary{display:block;padding-left:17px;position:relative}.entries summary::before{position:absolute;left:0;top:8px}.entries summary .factline{}
.card>details,.folded>details{margin:12px 0 0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:14px}.pair .card{margin:0}
.bars{display:grid;gap:7px}
.bar{display:grid;grid-template-columns:minmax(90px,34%) 1fr auto;gap:12px;align-items:center;font-size:14px}
.bar .label{overflow-wrap:anywhere;line-height:1.25}.bar svg{width:100%;height:10px;border-radius:5px;display:block}.bar .value{color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right}
.bar.two svg{height:26px}.was{fill:var(--soft);opacity:.55}
.search{display:flex;gap:10px;align-items:center;margin:14px 0 0}.search input{flex:1;font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:9px;padding:8px 12px}.search label{position:absolute;clip-path:inset(50%)}.search output{color:var(--soft);font-size:14px}.back{color:#c4cbee}.top-links{display:flex;flex-wrap:wrap;gap:4px 16px;margin-left:auto;font-weight:400;font-size:14.5px}.top-links a{color:#dfe4ff}[hidden]{display:none!important}
.track{fill:var(--track)}.fill{fill:var(--bar)}
.steps{margin:0;padding-left:22px}.steps li{padding:4px 0}
.rows{margin:0}.rows div{display:grid;grid-template-columns:220px 1fr;gap:12px;padding:7px 0;border-bottom:1px solid var(--line)}.rows div:last-child{border:0}.rows dt{color:var(--soft)}.rows dd{margin:0;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:13.5px;padding-top:34px;padding-bottom:44px}
@media (max-width:760px){
.tiles{grid-template-columns:1fr 1fr;gap:10px}.tiles dd{font-size:21px}.applications{columns:1}.pair{grid-template-columns:1fr}
header{padding-bottom:66px}.verdict{padding:15px 16px;gap:12px}.mark{width:34px;height:34px}.verdict strong{font-size:18px}
.card{padding:15px 16px}summary{padding:11px 14px}.folded{padding:2px 14px 14px}.rows div{grid-template-columns:1fr;gap:0}
.bar{grid-template-columns:1fr auto;gap:2px 10px}.bar svg{grid-row:2;grid-column:1/-1}
thead{display:none}table,tbody,tr,td{display:block;width:100%}
tr{border-bottom:1px solid var(--line);padding:8px 0}tr:last-child{border:0}
td,td.number{display:flex;justify-content:space-between;gap:14px;border:0;padding:2px 0;text-align:left;white-space:normal}
td:first-child{font-weight:600}td:first-child::before{content:none}td:first-child>span{text-align:left}
td::before{content:attr(data-label);flex:none;color:var(--soft);font-size:13.5px}td>span{text-align:right;min-width:0}
}
@media print{
:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--code:#f4f4f4}
body{font-size:11pt}nav{display:none}header{background:none;color:#000;padding-bottom:0}.eyebrow,.facts,.way small,.tiles dt,.tiles .note{color:#444}.tiles div{border-color:#bbb}
.card,details,.verdict{break-inside:avoid}.verdict{border:1px solid #bbb;border-left-width:6px}.search,.top-links{display:none}pre{max-height:none}pre+p{margin:12px 0 0}
pre.commands{background:#f4f4f4;color:#000}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}
header,main,footer{padding-left:0;padding-right:0}section{padding-top:22px}h2,h3{break-after:avoid}
}
`

export const style = new Html(`<style>${css}</style>`)

/** Names the style in a policy that allows no other. */
export const styleHash = `'sha256-${createHash('sha256').update(css).digest('base64')}'`
