import { Markup } from './markup';

/** Colours as in the dashboard: real green, synthetic orange. On paper always light. */
export const reportStyle = Markup.of(`
:root{color-scheme:light dark;--page:light-dark(#fff,#0e1116);--sunken:light-dark(#f6f7fa,#161b22);--border:light-dark(#dfe3ea,#2a313c);--text:light-dark(#14181f,#e6eaf0);--muted:light-dark(#566070,#9aa5b4);--real:light-dark(#157a3c,#4fd08a);--synthetic:light-dark(#c2410c,#ff9d57);--danger:light-dark(#b42318,#ff8f86);--warning:light-dark(#8a5800,#f0bf55)}
*{box-sizing:border-box}
body{margin:0 auto;padding:28px 20px 60px;max-width:1080px;background:var(--page);color:var(--text);font:13px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{font-size:22px;line-height:1.25;margin:0 0 4px}h2{font-size:16px;margin:32px 0 8px;padding-bottom:4px;border-bottom:1px solid var(--border)}h3{font-size:13px;margin:0 0 4px}
p{margin:0 0 8px;max-width:80ch}.muted,figcaption{color:var(--muted)}ul{margin:0 0 8px;padding-left:18px}
.legend{display:flex;gap:16px;margin:0 0 10px}.legend span::before{content:'';display:inline-block;width:10px;height:10px;margin-right:5px;border-radius:2px;background:var(--key)}
.scroll{overflow-x:auto}.grid+h3{margin-top:18px}table{border-collapse:collapse;width:100%;font-size:12px}th{text-align:left;font-weight:600;color:var(--muted)}th,td{padding:4px 10px 4px 0;border-bottom:1px solid var(--border);vertical-align:top}td.number,th.number{text-align:right;white-space:nowrap}
td small{display:block;color:var(--muted)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(300px,100%),1fr));gap:14px;align-items:start}.card{border:1px solid var(--border);border-radius:8px;padding:10px 12px;break-inside:avoid;min-width:0}
.card p{margin:0 0 6px;font-size:12px}figure{margin:0;break-inside:avoid;min-width:0}figcaption{font-size:12px;margin-bottom:4px}
.flag{font-weight:650}.flag.copying{color:var(--danger)}.flag.below{color:var(--warning)}.verdict{padding:10px 14px;border:1px solid var(--border);border-left:4px solid var(--real);border-radius:6px;margin-bottom:10px}.verdict.some_copies{border-left-color:var(--warning)}.verdict.copying{border-left-color:var(--danger)}.verdict p:last-child{margin:0}
svg{display:block;width:100%;height:auto}svg text{font-size:10px;fill:var(--muted)}.scale{width:180px}.map text{font-size:7.5px}.maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(220px,100%),1fr));gap:16px}
.area{fill-opacity:.18;stroke-width:1.4;vector-effect:non-scaling-stroke}.area.real{fill:var(--real);stroke:var(--real)}.area.synthetic{fill:var(--synthetic);stroke:var(--synthetic)}.bar.real{fill:var(--real)}.bar.synthetic{fill:var(--synthetic)}.line{fill:none;stroke-width:1.5}.line.real{stroke:var(--real)}.line.synthetic{stroke:var(--synthetic)}.axis{stroke:var(--border)}
.track{stroke:var(--border);stroke-width:2}.band{stroke:var(--muted);stroke-width:4;stroke-opacity:.35}.floor,.ceiling{stroke:var(--muted);stroke-width:2}.value{fill:var(--text)}.value.copying{fill:var(--danger)}
code,.hash{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:11.5px}dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 14px;margin:0}dt{color:var(--muted)}dd{margin:0}
.numbered{columns:4 150px;font-size:12px;padding-left:24px;color:var(--muted)}
@page{size:A4;margin:14mm}
@media print{:root{color-scheme:light}body{padding:0;max-width:none;font-size:10.5px;-webkit-print-color-adjust:exact;print-color-adjust:exact}h2{break-after:avoid}.grid{grid-template-columns:repeat(3,1fr)}.maps{grid-template-columns:repeat(3,1fr)}.scroll{overflow:visible}tr{break-inside:avoid}}
@media screen and (max-width:640px){.scroll table:not(.scores) th:first-child,.scroll table:not(.scores) td:first-child{min-width:92px;overflow-wrap:break-word}.scroll table:not(.scores) th.number{white-space:normal;overflow-wrap:normal;vertical-align:bottom}body{padding:16px 12px 40px}dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:6px}.scores thead{display:none}.scores tr{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:2px 10px;padding:8px 0;border-bottom:1px solid var(--border)}.scores td,.scores th{border:0;padding:0}.scores td:nth-child(3){grid-column:1/-1}.scores td.reference{text-align:left;color:var(--muted)}.scores td.reference::before{content:attr(data-label) ' '}.scores td:last-child{grid-column:1/-1}.scores .scale{width:100%;max-width:260px}}
`);
