/** The style sheet of the report. Colours: Okabe and Ito's, which colour-blind readers can tell apart, lightened for dark pages. */
import { Markup } from './markup.js';

export const STYLE = new Markup(`
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --soft: #57606a; --grid: #dfe3e8; --head: #f3f5f7;
  --zero: #57606a; --count: #c3cad2; --s1: #0068a8; --s2: #c25100; --s3: #007f5c; --s4: #a34a80; --s5: #1b1f24; --same: #6e7781; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14181d; --text: #e6e9ed; --soft: #a3adb8; --grid: #2c333b; --head: #1e242b; --zero: #a3adb8; --count: #465059;
    --s1: #5ab8f0; --s2: #f0a13c; --s3: #38c99b; --s4: #e596c4; --s5: #e6e9ed; --same: #8b949e; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 20px 64px; max-width: 940px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 8px 0 12px; }
h2 { font-size: 20px; margin: 44px 0 8px; padding-top: 12px; border-top: 1px solid var(--grid); }
p { margin: 8px 0; max-width: 76ch; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 10px 16px; margin: 18px 0; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
nav a { margin-right: 14px; }
a { color: var(--s1); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 12px 0; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 4px; }
th, td { text-align: right; padding: 5px 8px; border-bottom: 1px solid var(--grid); vertical-align: top; white-space: nowrap; }
thead th { background: var(--head); font-weight: 600; white-space: normal; vertical-align: bottom; }
tr > :first-child { text-align: left; }
tbody th { font-weight: 500; }
tr.ensemble > * { font-weight: 700; }
td small { display: block; color: var(--soft); font-size: 12px; font-weight: 400; }
figure { margin: 22px 0; }
figcaption span { color: var(--soft); font-size: 13px; }
summary { cursor: pointer; color: var(--soft); font-size: 13px; }
svg { display: block; width: 100%; min-width: 620px; height: auto; margin: 6px 0; }
svg text { fill: var(--text); font-size: 12px; }
svg text.small { font-size: 10.5px; fill: var(--soft); }
svg text.strong { font-weight: 600; }
svg text.end { text-anchor: end; }
svg text.middle { text-anchor: middle; }
svg path { fill: none; stroke: none; }
svg .grid { stroke: var(--grid); }
svg .zero { stroke: var(--zero); stroke-width: 1.5; }
svg .count { fill: var(--count); }
svg .line { stroke: var(--ink); stroke-width: 1.75; }
svg .mark { fill: var(--ink); stroke: var(--ink); stroke-width: 1.5; }
svg .hollow { fill: var(--page); }
svg .bar { fill: var(--ink); opacity: .75; }
svg .whisker { stroke: var(--text); stroke-width: 1.5; }
.s1, .better { --ink: var(--s1); } .s2, .worse { --ink: var(--s2); } .s3 { --ink: var(--s3); } .s4 { --ink: var(--s4); }
.s5 { --ink: var(--s5); } .same { --ink: var(--same); }
svg .s5.mark { fill: none; }
svg .s5.line { stroke-dasharray: 5 4; }
@media print { body { max-width: none; } figure, tr { break-inside: avoid; } }
`);
